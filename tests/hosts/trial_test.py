"""Modules that would take a Python host down: tried out first, and remembered when they did it all the same."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from stack import BUILD, PROBE, ROOT

from crm_host import Code, CrashMark, CrmError, load

FAULTS = BUILD / "tests/http/probe-faults"
HOST = """
import sys
from pathlib import Path
from crm_host import CrashMark, CrmError, load
from crm_host.local import LocalHost
class Crm(LocalHost):
    def query_records(self, request): return {"items": [], "next": None}
    def upsert_records(self, request): return {"items": []}
module, mark, data = map(Path, sys.argv[1:])
try:
    load(module, allow_unsigned=True, without_probe=True, crash_mark=CrashMark(mark)).create(Crm(data)).close()
except CrmError as refusal:
    sys.exit(str(refusal))
"""


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-trial-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.mark = CrashMark(self.folder / "module.mark")

    def module(self, fault: str) -> Path:
        """A folder of its own, because all have one id."""
        folder = self.folder / fault
        folder.mkdir()
        file = Path(shutil.copy(FAULTS / f"{fault}.so", folder))
        manifest = {"id": "sound", "name": "Sound", "version": "1.0.0", "file": file.name,
                    "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "api": {"major": 1, "minor": 0}}
        file.with_suffix(".json").write_text(json.dumps(manifest))
        for written in (file, file.with_suffix(".json")):
            written.chmod(0o644)
        return file

    def refused(self, code: Code, text: str, file: Path, **options: Any) -> None:
        with self.assertRaisesRegex(CrmError, text) as caught:
            load(file, allow_unsigned=True, **options)
        self.assertEqual(caught.exception.code, code)


class Probe(InFolder):
    def test_what_would_take_the_host_down_is_refused(self) -> None:
        for fault, text in {"crashes-loading": "a crash .* while being mapped", "crashes-describing": "a crash .* while describing itself",
                            "hangs": "one that hung while making an instance", "computes": "went on computing while making an instance",
                            "eats-memory": "asked for more", "exits": "leaves its host running", "other-id": "the id sound of its manifest"}.items():
            with self.subTest(fault):
                self.refused(Code.INVALID, text, self.module(fault), crash_mark=self.mark)
                self.assertFalse((self.folder / "module.mark").exists(), "what was only tried out leaves no mark")

    def test_nothing_is_loaded_without_it_unless_asked_for(self) -> None:
        file = self.module("other-id")
        with mock.patch.dict(os.environ, PATH=str(self.folder)):
            self.refused(Code.INTERNAL, "crm-module-probe in PATH.*without_probe=True", file)
        self.refused(Code.INTERNAL, "starting .*nowhere failed", file, probe=self.folder / "nowhere")
        killed = self.folder / "killed"
        killed.write_text("#!/bin/sh\nkill -9 $$\n")
        killed.chmod(0o755)
        self.refused(Code.INTERNAL, "killed ended with -9; its version", file, probe=killed)
        self.refused(Code.INVALID, "the id sound", file, probe=BUILD / "bin/crm-module-probe")
        load(PROBE, allow_unsigned=True, probe=BUILD / "bin/crm-module-probe")


class Mark(InFolder):
    def start(self, module: Path) -> tuple[int, str]:
        words = [sys.executable, "-B", "-c", HOST, str(module), str(self.folder / "module.mark"), str(self.folder / "data")]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PYTHONPATH": str(ROOT / "host-sdk/python")})
        return done.returncode, done.stderr

    def test_what_took_the_host_down_is_kept_out_until_it_is_released(self) -> None:
        for fault, status, doing in (("crashes-loading", -6, "being loaded"), ("exits", 0, "being loaded"), ("crashes-describing", -11, "describing itself")):
            with self.subTest(fault):
                module = self.module(fault)
                self.assertEqual(self.start(module)[0], status)
                for _ in range(2):
                    again = self.start(module)
                    self.assertEqual(again[0], 1)
                    self.assertIn(f"one that took it down while it was {doing} (20", again[1])
                    self.assertIn(str(self.folder / "module.mark"), again[1])
                self.assertTrue(self.mark.release())
                self.assertEqual(self.start(module)[0], status)
                self.assertTrue(self.mark.release())
                self.assertFalse(self.mark.release())

    def test_a_module_that_behaves_or_is_refused_leaves_none(self) -> None:
        self.assertEqual(self.start(PROBE), (0, ""))
        status, text = self.start(self.module("other-id"))
        self.assertEqual((status, 'found "another"' in text), (1, True), text)
        self.assertIsNone(self.mark.left())

    def test_a_power_cut_is_no_modules_fault(self) -> None:
        with self.mark.during("making its instance"):
            self.assertIn("making its instance", self.mark.left() or "")
            (self.folder / "kept").write_text((self.folder / "module.mark").read_text())
        self.assertIsNone(self.mark.left())
        boot, doing = (self.folder / "kept").read_text().split("\n")
        for text, counts in ((f"{boot}\n{doing}", True), ("", True), (f"another boot\n{doing}", False)):
            (self.folder / "module.mark").write_text(text)
            self.assertEqual(self.mark.left() is not None, counts, text)


if __name__ == "__main__":
    unittest.main()
