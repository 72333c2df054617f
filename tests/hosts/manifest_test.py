"""Both loaders say the same of every odd manifest, so that what one host takes no other understands otherwise."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from odd_manifests import TABLE, TRUSTED, WEAK, Odd, key_text
from stack import BUILD, PROBE

from crm_host import CrmError
from crm_host.manifest import read_manifest


class OddManifests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-manifests-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = json.loads(PROBE.with_suffix(".json").read_text())
        self.root.pop("signature", None)
        public = self.folder / "trusted.pub"
        public.write_text(f"ed25519 {key_text(TRUSTED)} Ana\n")
        public.chmod(0o644)
        self.host("plugin", "trust", str(public))

    def host(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(BUILD / "bin/crm-host"), *arguments, "--data", str(self.folder / "crm")],
                              capture_output=True, text=True, errors="replace")

    def file(self, number: int, odd: Odd) -> Path:
        folder = self.folder / str(number)
        folder.mkdir()
        os.link(shutil.copy(PROBE, self.folder), folder / PROBE.name) if number == 0 else os.link(
            self.folder / "0" / PROBE.name, folder / PROBE.name)
        manifest = folder / "suite-probe.json"
        manifest.write_bytes(odd.make(dict(self.root)))
        manifest.chmod(0o644)
        return manifest

    def python(self, manifest: Path) -> str:
        try:
            read_manifest(manifest, [key_text(TRUSTED)], allow_unsigned=True)
            return ""
        except CrmError as refusal:
            return str(refusal)

    def crm_host(self, manifest: Path) -> str:
        done = self.host("plugin", "check", str(manifest.with_suffix(".so")), "--allow-unsigned")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stderr if done.returncode else ""

    def test_both_hosts_judge_alike(self) -> None:
        files = [self.file(number, odd) for number, odd in enumerate(TABLE)]
        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(self.crm_host, files))
        for odd, manifest, cpp in zip(TABLE, files, told):
            for host, text in (("Python", self.python(manifest)), ("C++", cpp)):
                with self.subTest(odd.name, host=host):
                    self.assertEqual(text == "", odd.good, text)
                    if not odd.good:
                        self.assertIn("was refused", text)

    def test_a_weak_key_signs_nothing_even_when_it_is_trusted(self) -> None:
        for name, odd in ((odd.name, odd) for odd in TABLE if "weak key" in odd.name):
            with self.subTest(name):
                manifest = self.folder / "weak.json"
                manifest.write_bytes(odd.make(dict(self.root)))
                manifest.chmod(0o644)
                key = json.loads(manifest.read_bytes())["signature"]["key"]
                with self.assertRaisesRegex(CrmError, "a signature that fits"):
                    read_manifest(manifest, [key])
        self.assertGreater(len(WEAK), 5)

    def test_a_slip_in_a_trusted_key_is_told(self) -> None:
        key = key_text(TRUSTED)
        for keys, text in ((key, "a list of keys"), ([key[:-1]], "32 bytes as base64"), (["ü"], "32 bytes as base64"),
                           ([f"ed25519 {key} Ana"], "32 bytes as base64"), ([None], "32 bytes as base64")):
            with self.subTest(text=str(keys)), self.assertRaisesRegex(CrmError, text):
                read_manifest(PROBE.with_suffix(".json"), keys, allow_unsigned=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    unittest.main()
