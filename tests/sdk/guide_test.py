"""The connector author's guide does what it says: its files are written and its commands run, in order."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from sdk import ROOT

GUIDE = ROOT / "docs/connector-authors-guide.md"
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
END = "_guide_end_"


def script(guide: str) -> str:
    """Its blocks as one shell script: `sh` blocks as they are, blocks with a file's name as that file."""
    parts = ["set -eu", "set -o pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"]
    for block in BLOCK.finditer(guide):
        if block["language"] == "sh":
            parts.append(block["text"])
        elif block["file"]:
            parts.append(f"cat > {shlex.quote(block['file'])} <<'{END}'\n{block['text']}{END}")
    return "\n".join(parts)


class Guide(unittest.TestCase):
    def test_from_nothing_to_a_loaded_connector(self) -> None:
        home = Path(tempfile.mkdtemp(prefix="autosync-guide-"))
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        text = GUIDE.read_text()
        languages = [block["language"] for block in BLOCK.finditer(text)]
        self.assertGreaterEqual(languages.count("sh"), 6)
        self.assertEqual(languages.count("cpp"), 2)
        ccache = os.environ.get("CCACHE_DIR", str(Path.home() / ".cache/ccache"))
        # A file of its own, so that it can be run by hand when it fails.
        (home / "guide.sh").write_text(script(text))
        done = subprocess.run(["bash", str(home / "guide.sh")], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=500,
                              env={**os.environ, "HOME": str(home), "CCACHE_DIR": ccache})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn('{"greetings": 1}', done.stdout)
        self.assertEqual(re.findall("FAIL +(\\S+)", done.stdout), ["http.unknown-path", "http.unknown-method", "http.requests"])
        self.assertIn("hello 1.0.0: would be loaded", done.stdout)


class Documents(unittest.TestCase):
    """What the pages about the boundary show and point to is there."""

    PAGES = [ROOT / "README.md", ROOT / "host-sdk/examples/README.md", ROOT / "host-sdk/python/README.md",
             *(ROOT / "docs" / f"{name}.md" for name in ("boundary", "boundary-trouble", "connector-authors-guide", "hosts"))]

    def test_links_lead_somewhere(self) -> None:
        for page in self.PAGES:
            links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
            for link in links:
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())

    def test_code_shown_of_an_example_is_in_it(self) -> None:
        example = (ROOT / "host-sdk/examples/tiny-host/tiny_host.cpp").read_text()
        shown = [block["text"] for block in BLOCK.finditer((ROOT / "docs/hosts.md").read_text())
                 if block["file"] == "tiny_host.cpp"]
        self.assertTrue(shown)
        for line in "".join(shown).splitlines():
            self.assertIn(line.strip(), example)


if __name__ == "__main__":
    unittest.main()
