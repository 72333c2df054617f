"""The change feed and guarded writes: the same cases for every host."""

from __future__ import annotations

import shutil
import sqlite3
import unittest
from contextlib import closing
from typing import Any

from host_case import CONFLICT, INVALID, HostCase
from stack import CrmHostProgram, PythonHost


class Feed(HostCase):
    """The cases; a class below names the host."""

    def ask_feed(self, after: str | None, kind: str = "products", **more: Any) -> Any:
        return self.good("changes", {"kind": kind, "after": after, **more})

    def feed(self, after: str | None, kind: str = "products", limit: int = 1000) -> tuple[list[Any], str]:
        """Everything after the cursor, page by page, and the cursor to go on from."""
        items: list[Any] = []
        while True:
            page = self.ask_feed(after, kind, limit=limit)
            self.assertLessEqual(len(page["items"]), limit)
            items, after = items + page["items"], page["next"]
            if not page["more"]:
                return items, page["next"]

    def now(self, kind: str = "products") -> str:
        return self.feed(None, kind)[1]

    def ids(self, items: list[Any]) -> list[str]:
        return [item["id"] for item in items]

    def test_own_writes_never_come_back(self) -> None:
        after = self.now()
        external, made = self.new(code="1")
        self.write({"externalId": external, "fields": {"code": "2"}})
        self.write({"externalId": external, "fields": {"active": False}})
        items, after = self.feed(after)
        self.assertEqual(items, [])
        self.host.user_changes("products", made["id"], code="3")
        self.assertEqual(self.ids(self.feed(after)[0]), [made["id"]])

    def test_linking_a_users_record_is_no_change_of_his(self) -> None:
        id = self.host.user_creates("products", name="His")
        after = self.now()
        self.write({"externalId": "link-1", "id": id, "fields": {"code": "L"}})
        self.assertEqual(self.feed(after)[0], [])

    def test_a_record_is_told_once_as_it_is_now_and_the_oldest_change_first(self) -> None:
        after = self.now()
        a = self.host.user_creates("products", name="A")
        b = self.host.user_creates("products", name="B", unit="kg")
        self.host.user_changes("products", a, name="A2")
        self.host.user_changes("products", a, name="A3")
        items, after = self.feed(after)
        self.assertEqual(self.ids(items), [b, a])
        self.assertEqual([item["fields"]["name"] for item in items], ["B", "A3"])
        for item in items:
            record = self.read(item["id"])
            self.assertEqual(item, {**record, "deleted": False, "changedAt": record["updatedAt"]})
        self.assertEqual(self.feed(after)[0], [])

    def test_a_later_write_of_the_connector_hides_nothing(self) -> None:
        external, made = self.new(code="1")
        after = self.now()
        self.host.user_changes("products", made["id"], code="2")
        seen = self.read(made["id"])["updatedAt"]
        self.write({"externalId": external, "fields": {"code": "3", "unit": "kg"}})
        (item,), _ = self.feed(after)
        self.assertEqual((item["id"], item["externalId"], item["fields"]["code"]), (made["id"], external, "3"))
        self.assertEqual(item["changedAt"], seen)
        self.assertGreater(item["updatedAt"], item["changedAt"])

    def test_deletions_are_told(self) -> None:
        external, made = self.new()
        after = self.now()
        lost = self.host.user_creates("products", name="Short")
        self.host.user_changes("products", made["id"], name="Last words")
        self.host.user_deletes("products", made["id"])
        self.host.user_deletes("products", lost)
        items, after = self.feed(after)
        self.assertEqual([(item["id"], item["externalId"]) for item in items], [(made["id"], external), (lost, None)])
        for item in items:
            self.assertEqual((item["deleted"], item["active"], item["changedAt"]), (True, False, item["updatedAt"]))
            self.assertNotIn("fields", item)
        self.assertEqual(self.feed(after)[0], [])
        # The external id is free again, and the new record is the connector's own.
        self.assertEqual(self.write({"externalId": external, "fields": {"name": "Again"}})[0]["outcome"], "created")
        self.assertEqual(self.feed(after)[0], [])

    def test_kinds_have_feeds_of_their_own(self) -> None:
        products, contacts = self.now(), self.now("contacts")
        id = self.host.user_creates("contacts", name="Ana")
        self.assertEqual(self.feed(products)[0], [])
        self.assertEqual(self.ids(self.feed(contacts, "contacts")[0]), [id])

    def test_pages_through_changes(self) -> None:
        after = self.now()
        made = [self.host.user_creates("products", name=f"P{i}") for i in range(9)]
        page = self.ask_feed(after, limit=4)
        self.assertEqual((self.ids(page["items"]), page["more"]), (made[:4], True))
        # One that was told changes again, one that was not goes to the end.
        self.host.user_changes("products", made[0], name="again")
        self.host.user_changes("products", made[5], name="later")
        rest, after = self.feed(page["next"], limit=3)
        self.assertEqual(self.ids(rest), [*made[4:5], *made[6:], made[0], made[5]])
        self.assertEqual(self.feed(after)[0], [])

    def test_a_page_that_is_just_full_is_the_last(self) -> None:
        after = self.now()
        for i in range(3):
            self.host.user_creates("products", name=f"F{i}")
        page = self.ask_feed(after, limit=3)
        self.assertEqual((len(page["items"]), page["more"]), (3, False))

    def test_without_a_cursor_everything_is_listed(self) -> None:
        external, made = self.new("contacts", email="a@example.test")
        his = self.host.user_creates("contacts", name="Unlinked")
        gone = self.host.user_creates("contacts", name="Gone")
        self.host.user_deletes("contacts", gone)
        items, after = self.feed(None, "contacts", limit=2)
        by_id = {item["id"]: item for item in items}
        self.assertEqual(len(by_id), len(items))
        self.assertNotIn(gone, by_id)
        self.assertEqual((by_id[made["id"]]["externalId"], by_id[made["id"]]["changedAt"]), (external, None))
        self.assertEqual(by_id[his]["externalId"], None)
        self.assertEqual(by_id[his]["changedAt"], by_id[his]["updatedAt"])
        self.assertEqual(set(by_id), set(self.ids(self.good("query", {"kind": "contacts"})["items"])))
        self.assertEqual(self.feed(after, "contacts")[0], [])

    def test_what_happens_during_a_listing_is_told_after_it(self) -> None:
        made = [self.host.user_creates("invoices", number=f"{i}") for i in range(4)]
        page = self.ask_feed(None, "invoices", limit=2)
        self.assertTrue(page["more"])
        self.host.user_changes("invoices", page["items"][0]["id"], number="changed")
        self.host.user_deletes("invoices", made[-1])
        _, after = self.feed(page["next"], "invoices", limit=2)
        told = {item["id"]: item["deleted"] for item in self.feed(after, "invoices")[0]}
        self.assertEqual(told, {page["items"][0]["id"]: False, made[-1]: True})

    def test_an_empty_kind_has_a_cursor_too(self) -> None:
        page = self.ask_feed(None, "inventory")
        self.assertEqual((page["items"], page["more"]), ([], False))
        self.assertEqual(self.ask_feed(page["next"], "inventory")["items"], [])

    def test_unknown_cursors_are_conflicts(self) -> None:
        good = self.now()
        other = good[:-1] + ("1" if good[-1] != "1" else "2")
        for cursor in ("", "x", "1", good + "-", good + "-x-1", good + "0000", "x" + good, self.now("contacts"),
                       other.replace(other.split("-")[1], "0" * 16)):
            self.refused(CONFLICT, "changes", {"kind": "products", "after": cursor})
        self.assertEqual(self.feed(good)[0], [])

    def test_wrong_requests_are_invalid(self) -> None:
        for wrong in ({"kind": "cats", "after": None}, {}, {"kind": "products", "after": 7}, "not JSON", "[]",
                      {"kind": "products", "after": None, "limit": 0}, {"kind": "products", "limit": 1001}):
            self.refused(INVALID, "changes", wrong)

    def test_z_a_cursor_outlives_restarts_and_backups(self) -> None:
        before = self.now()
        first = self.host.user_creates("products", name="Before the backup")
        seen, backed_up = self.feed(before)
        self.host.stop()
        backup = self.host.folder / "backup"
        backup.mkdir()
        for file in self.host.data.glob("crm.db*"):
            shutil.copy(file, backup)
        self.host.start()
        self.assertEqual(self.feed(before), (seen, self.feed(backed_up)[1]))
        lost = self.host.user_creates("products", name="After the backup")
        (item,), after = self.feed(backed_up)
        self.assertEqual(item["id"], lost)
        self.host.stop()
        for file in self.host.data.glob("crm.db*"):
            file.unlink()
        for file in backup.iterdir():
            shutil.copy(file, self.host.data)
        self.host.start()
        # What the cursor has seen is gone, whatever came in its place.
        self.host.user_creates("products", name="In its place")
        self.refused(CONFLICT, "changes", {"kind": "products", "after": after})
        self.assertEqual([item["fields"]["name"] for item in self.feed(before)[0]], ["Before the backup", "In its place"])
        self.assertIn(first, self.ids(self.feed(None)[0]))


class Guard(HostCase):
    """Guarded upserts; a class below names the host."""

    def test_an_untouched_record_is_written(self) -> None:
        external, made = self.new(code="1")
        item = {"externalId": external, "ifUpdatedAt": made["updatedAt"], "fields": {"code": "2"}}
        written = self.write(item)[0]
        self.assertEqual((written["outcome"], written["previous"]), ("updated", {"code": "1"}))
        self.assertEqual(self.write({**item, "ifUpdatedAt": written["updatedAt"]})[0]["outcome"], "unchanged")

    def test_a_record_that_somebody_changed_is_left_alone(self) -> None:
        external, made = self.new(code="1")
        self.host.user_changes("products", made["id"], unit="kg")
        before = self.read(made["id"])
        answers = self.write({"externalId": external, "ifUpdatedAt": made["updatedAt"], "fields": {"code": "2"}},
                             {"externalId": "free", "fields": {"name": "Goes on"}})
        self.assertEqual(answers[0], {"conflict": True, "id": made["id"], "updatedAt": before["updatedAt"]})
        self.assertEqual(answers[1]["outcome"], "created")
        self.assertEqual(self.read(made["id"]), before)

    def test_a_link_to_a_changed_record_is_not_made(self) -> None:
        id = self.host.user_creates("products", name="His")
        read = self.read(id)
        self.host.user_changes("products", id, name="His indeed")
        item = {"externalId": "guarded-link", "id": id, "ifUpdatedAt": read["updatedAt"], "fields": {"code": "1"}}
        answer = self.write(item)[0]
        now = self.read(id)
        self.assertEqual(answer, {"conflict": True, "id": id, "updatedAt": now["updatedAt"]})
        self.assertEqual((now["externalId"], now["fields"].get("code")), (None, None))
        self.assertEqual(self.write({**item, "ifUpdatedAt": now["updatedAt"]})[0]["outcome"], "updated")
        self.assertEqual(self.read(id)["externalId"], "guarded-link")

    def test_a_record_that_is_gone_is_not_made_again(self) -> None:
        external, made = self.new()
        self.host.user_deletes("products", made["id"])
        guarded = {"externalId": external, "ifUpdatedAt": made["updatedAt"], "fields": {"name": "Ghost"}}
        for item in (guarded, {**guarded, "id": made["id"]}):
            self.assertEqual(self.write(item)[0], {"conflict": True, "id": None, "updatedAt": None})
        self.assertEqual(self.good("query", {"kind": "products", "externalIds": [external]})["items"], [])

    def test_an_own_write_in_between_counts_as_well(self) -> None:
        external, made = self.new(code="1")
        item = {"externalId": external, "ifUpdatedAt": made["updatedAt"]}
        answers = self.write({**item, "fields": {"code": "2"}}, {**item, "fields": {"code": "3"}})
        self.assertEqual((answers[0]["outcome"], answers[1].get("conflict")), ("updated", True))
        self.assertEqual(self.read(made["id"])["fields"]["code"], "2")

    def test_no_guard_is_no_guard(self) -> None:
        external, _ = self.new(code="1")
        item = {"externalId": external, "ifUpdatedAt": None, "fields": {"code": "2"}}
        self.assertEqual(self.write(item)[0]["outcome"], "updated")
        self.assertIn("error", self.write({**item, "ifUpdatedAt": 7})[0])


class OldDataFolder(HostCase, unittest.TestCase):
    """A data folder of crm-host from before the feed: the log had a line for every change, and no parts."""

    make = CrmHostProgram

    def test_goes_on_working(self) -> None:
        his = self.host.user_creates("contacts", name="His")
        external, made = self.new("contacts")
        gone = self.host.user_creates("contacts", name="Gone")
        self.host.user_deletes("contacts", gone)
        self.host.stop()
        before = "2026-01-02T03:04:05.000006Z"
        with closing(sqlite3.connect(self.host.data / "crm.db")) as db:
            db.executescript(f"""DROP TABLE history; DROP TABLE change; ALTER TABLE plugin DROP COLUMN failure;
                CREATE TABLE change (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
                  recordId INTEGER NOT NULL, origin TEXT NOT NULL, at INTEGER NOT NULL);
                INSERT INTO change (kind, recordId, origin, at) VALUES ('contacts', {his}, 'user:admin', 1),
                  ('contacts', {made["id"]}, 'connector:suite-probe', 2), ('contacts', {gone}, 'user:admin', 3),
                  ('contacts', {his}, 'user:admin', 1767323045000006), ('contacts', {gone}, 'user:admin', 5);
                PRAGMA user_version=1;""")
        self.host.start()
        page = self.good("changes", {"kind": "contacts", "after": None})
        self.assertEqual([(i["id"], i["externalId"], i["changedAt"]) for i in page["items"]],
                         [(his, None, before), (made["id"], external, None)])
        self.host.user_changes("contacts", made["id"], name="Changed")
        page = self.good("changes", {"kind": "contacts", "after": page["next"]})
        self.assertEqual([(i["id"], i["fields"]["name"]) for i in page["items"]], [(made["id"], "Changed")])


class FeedOfCrmHost(Feed, unittest.TestCase):
    make = CrmHostProgram


class FeedOfPythonHost(Feed, unittest.TestCase):
    make = PythonHost


class GuardOfCrmHost(Guard, unittest.TestCase):
    make = CrmHostProgram


class GuardOfPythonHost(Guard, unittest.TestCase):
    make = PythonHost


if __name__ == "__main__":
    unittest.main()
