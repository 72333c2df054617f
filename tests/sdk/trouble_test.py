"""The trouble page has a row for every text with which the SDK refuses something."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from refusals import ROOT, of_cpp, of_python, refusals

PAGE = ROOT / "docs/boundary-trouble.md"


def rows() -> list[str]:
    """The table rows as people read them."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [" ".join(line.replace("`", "").split()) for line in lines]


class TroublePage(unittest.TestCase):
    def test_every_refusal_has_a_row(self) -> None:
        page, seen = rows(), 0
        for file, pieces in refusals():
            seen += 1
            with self.subTest(file=str(file), pieces=pieces):
                self.assertTrue(any(all(piece in row for piece in pieces) for row in page),
                                f"docs/boundary-trouble.md has no row with {pieces}")
        self.assertGreater(seen, 100, "the texts were not found in the sources")

    def test_what_keeps_a_file_out_says_what_was_expected_and_found(self) -> None:
        """`refuse` asks for both; this is about what is thrown without it."""
        # Of the cryptographic library, of a call that failed later, and around another refusal.
        others = ("libgcrypt", "answered a request with nothing", "was refused:")
        seen = 0
        for file in sorted((ROOT / "host-sdk/src").glob("*.cpp")):
            for pieces in of_cpp(file, "Error"):
                text = " ".join(" ".join(pieces).split())
                if not text or (any(other in text for other in others) and "expected" not in text):
                    continue
                seen += 1
                with self.subTest(file=file.name):
                    self.assertRegex(text, r"expected .*; found\b.*\. [A-Z]")
        self.assertGreater(seen, 5, "the texts were not found in the sources")

    def test_every_row_says_cause_and_fix(self) -> None:
        for row in rows():
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            self.assertEqual(len(cells), 3, row)
            self.assertTrue(all(cells), row)


class Reading(unittest.TestCase):
    """That the texts are found in sources at all."""

    def read(self, name: str, source: str) -> list[list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, name)
            file.write_text(source)
            return [pieces for pieces in (of_cpp if name.endswith(".cpp") else of_python)(file) if pieces]

    def test_cpp(self) -> None:
        self.assertEqual(self.read("one.cpp", """
            // refuse(file, "a comment", "", "");
            refuse(file, wide ? "64 bit" : "32 bit, (or so)", "one of " + std::to_string(size) + " bytes", "Get another");
            throw Error(CRM_INVALID, "one text in \\"two\\" "
                                     "pieces" + path.string() + R"( and "raw")");
            check_owner(file, "a " + kind, info);"""),
            [["64 bit", "32 bit, (or so)", "one of ", " bytes"], ['one text in "two" pieces', ' and "raw"']])

    def test_python(self) -> None:
        self.assertEqual(self.read("one.py", "refuse(file, f'a {bits}-bit module', 'none', 'Get another')\n"
                                             "raise CrmError(Code.INVALID, f'{what} is ' 'odd')\nprint('no refusal')\n"),
                         [["a ", "-bit module", "none"], [" is odd"]])


if __name__ == "__main__":
    unittest.main()
