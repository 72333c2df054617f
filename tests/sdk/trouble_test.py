"""The trouble page has a row for every text with which the SDK refuses something."""

from __future__ import annotations

import unittest

from refusals import ROOT, refusals

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

    def test_every_row_says_cause_and_fix(self) -> None:
        for row in rows():
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            self.assertEqual(len(cells), 3, row)
            self.assertTrue(all(cells), row)


if __name__ == "__main__":
    unittest.main()
