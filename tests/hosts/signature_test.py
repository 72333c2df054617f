"""What crm-sign-manifest signs, the Python binding verifies, and the other way round."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from stack import BUILD, PROBE

from crm_host import CrmError
from crm_host.manifest import read_manifest
from crm_host.signature import canonical

# Everything whose spelling two writers of JSON could disagree on.
AWKWARD: dict[str, Any] = {
    "description": "č\n\t\"\\ / \u007f \U0001f600", "ключ": [1, -7, 0, 2**53 - 1, True, False, None, "", {}, []],
    "\U0001f600": 1, "\ufb33": 2, "nested": {"b": {"z": [], "a": "\u0001"}, "a": "é", "B": 1},
}


class Signatures(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-signatures-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.manifest = self.folder / "suite-probe.json"
        root = json.loads(PROBE.with_suffix(".json").read_text())
        # Control characters are nothing for a manifest's own members.
        extra = {name: value for name, value in AWKWARD.items() if name != "description"}
        self.root = root | extra | {"note": AWKWARD["description"]}
        self.write(self.root)

    def write(self, root: Any) -> None:
        self.manifest.write_text(json.dumps(root))
        self.manifest.chmod(0o644)

    def signer(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(BUILD / "bin/crm-sign-manifest"), *arguments], capture_output=True, text=True)

    def test_python_verifies_what_the_tool_signed(self) -> None:
        key = self.folder / "ana.key"
        self.assertEqual(self.signer("keygen", str(key), "--name", "Ana").returncode, 0)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        done = self.signer("sign", "--key", str(key), str(self.manifest))
        self.assertEqual(done.returncode, 0, done.stderr)
        public = Path(f"{key}.pub").read_text().split()[1]
        self.assertEqual(read_manifest(self.manifest, [public]).signed_by, public)
        signed = json.loads(self.manifest.read_text())
        self.assertEqual({name: value for name, value in signed.items() if name != "signature"}, self.root)
        self.write(signed | {"note": "changed"})
        with self.assertRaisesRegex(CrmError, "changed after it was signed"):
            read_manifest(self.manifest, [public])

    def test_the_tool_verifies_what_python_signed(self) -> None:
        key = Ed25519PrivateKey.generate()
        public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
        value = base64.b64encode(key.sign(canonical(self.root))).decode()
        signed = self.root | {"signature": {"algorithm": "ed25519", "key": public, "value": value}}
        self.write(signed)
        file = self.folder / "ana.pub"
        file.write_text(f"ed25519 {public} Ana\n")
        file.chmod(0o644)
        done = self.signer("verify", "--public", str(file), str(self.manifest))
        self.assertEqual((done.returncode, done.stdout[:14]), (0, "signed by Ana,"), done.stderr)
        self.write(signed | {"note": "changed"})
        done = self.signer("verify", "--public", str(file), str(self.manifest))
        self.assertEqual(done.returncode, 1)
        self.assertIn("changed after it was signed", done.stderr)

    def test_the_tool_signs_again_and_keeps_a_key_that_is_there(self) -> None:
        key = str(self.folder / "ana.key")
        self.signer("keygen", key, "--name", "Ana")
        before = Path(key).read_text()
        again = self.signer("keygen", key, "--name", "Ana")
        self.assertEqual((again.returncode, Path(key).read_text()), (1, before))
        self.assertIn("is there already", again.stderr)
        self.assertEqual(self.signer("keygen", key, "--name", "Ana", "--keep").returncode, 0)
        self.assertEqual(Path(key).read_text(), before)
        for _ in range(2):
            self.assertEqual(self.signer("sign", "--key", key, str(self.manifest)).returncode, 0)
        self.assertEqual(self.signer("verify", "--public", f"{key}.pub", str(self.manifest)).returncode, 0)

    def test_what_the_tool_refuses(self) -> None:
        key = self.folder / "ana.key"
        self.signer("keygen", str(key), "--name", "Ana")
        for root, text in ((self.root | {"extra": 1.5}, "whole numbers"), (self.root | {"id": "A"}, '"id"')):
            self.write(root)
            done = self.signer("sign", "--key", str(key), str(self.manifest))
            self.assertEqual((done.returncode, text in done.stderr), (1, True), done.stderr)
        self.write(self.root)
        key.chmod(0o644)
        done = self.signer("sign", "--key", str(key), str(self.manifest))
        self.assertEqual((done.returncode, "chmod 600" in done.stderr), (1, True), done.stderr)
        self.assertNotIn("signature", json.loads(self.manifest.read_text()))
        self.assertEqual(self.signer("sign", str(self.manifest)).returncode, 2)
        self.assertEqual(self.signer("keygen", str(self.folder / "b.key"), "--name", "a\nb").returncode, 1)
        self.assertFalse((self.folder / "b.key").exists())


if __name__ == "__main__":
    unittest.main()
