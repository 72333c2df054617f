"""How a host must behave towards a connector: the same cases for every host."""

from __future__ import annotations

import json
import stat
import time
import unittest
from pathlib import Path
from typing import Any

from host_case import AUTH, INVALID, HostCase
from stack import CrmHostProgram, PythonHost, until


class Behaviour(HostCase):
    """The cases; a class below names the host."""

    def runs(self) -> list[Any]:
        return list(json.loads(self.host.call("GET", "/runs")[1])["runs"])

    def plan(self, **plan: Any) -> int:
        """Lets run_due do something at its next call; answers how many calls there were."""
        until("the host is idle", self._is_idle)
        self.assertEqual(self.host.call("POST", "/plan", json.dumps(plan).encode())[0], 200)
        before = len(self.runs())
        self.good("wake")
        until("run_due after wake", lambda: len(self.runs()) > before)
        return before

    def _is_idle(self) -> bool:
        before = len(self.runs())
        time.sleep(0.05)
        return before > 0 and len(self.runs()) == before

    # ---- records

    def test_creates_and_gives_back(self) -> None:
        external, made = self.new(code="A1", price="12.50", sellable=True)
        self.assertEqual((made["outcome"], made["previous"]), ("created", {}))
        record = self.read(made["id"])
        self.assertEqual((record["externalId"], record["active"], record["updatedAt"]),
                         (external, True, made["updatedAt"]))
        self.assertEqual({n: record["fields"][n] for n in ("name", "code", "price", "sellable")},
                         {"name": "Thing", "code": "A1", "price": "12.50", "sellable": True})

    def test_leaves_what_is_equal_untouched(self) -> None:
        external, made = self.new(code="B")
        again = self.write({"externalId": external, "fields": {"code": "B", "name": "Thing"}})[0]
        self.assertEqual(again, {"id": made["id"], "outcome": "unchanged", "previous": {},
                                 "updatedAt": made["updatedAt"]})

    def test_tells_previous_values_of_changed_fields_only(self) -> None:
        external, made = self.new(code="C", unit="kg")
        changed = self.write({"externalId": external, "fields": {"code": "D", "unit": "kg", "barcode": "7"}})[0]
        self.assertEqual((changed["id"], changed["outcome"]), (made["id"], "updated"))
        self.assertEqual(changed["previous"], {"code": "C", "barcode": None})
        self.assertGreater(changed["updatedAt"], made["updatedAt"])

    def test_keeps_fields_that_are_not_named(self) -> None:
        external, made = self.new(code="E", unit="kg")
        self.write({"externalId": external, "fields": {"code": "F"}})
        fields = self.read(made["id"])["fields"]
        self.assertEqual((fields["code"], fields["unit"], fields["name"]), ("F", "kg", "Thing"))

    def test_equal_decimals_are_equal_however_spelled(self) -> None:
        external, made = self.new(price="1.50")
        self.assertEqual(self.write({"externalId": external, "fields": {"price": "1.5"}})[0]["outcome"], "unchanged")

    def test_empty_text_is_null(self) -> None:
        _, made = self.new(code="", unit="kg")
        self.assertIsNone(self.read(made["id"])["fields"].get("code"))

    def test_a_refused_record_stops_no_other(self) -> None:
        answers = self.write({"externalId": "r-1", "fields": {"name": "One"}},
                             {"externalId": "r-2", "fields": {"name": "Two", "price": "cheap"}},
                             {"externalId": "", "fields": {}},
                             {"externalId": "r-3", "fields": {"name": "Three"}})
        self.assertEqual([a.get("outcome", "refused") for a in answers], ["created", "refused", "refused", "created"])
        self.assertIn("price", answers[1]["error"])
        found = self.good("query", {"kind": "products", "externalIds": ["r-1", "r-2", "r-3"]})["items"]
        self.assertEqual([item["externalId"] for item in found], ["r-1", "r-3"])

    def test_a_later_item_of_a_batch_sees_an_earlier_one(self) -> None:
        answers = self.write({"externalId": "twice", "fields": {"name": "One"}},
                             {"externalId": "twice", "fields": {"name": "Two"}})
        self.assertEqual([a["outcome"] for a in answers], ["created", "updated"])
        self.assertEqual(answers[0]["id"], answers[1]["id"])

    def test_refuses_links_that_are_not_free(self) -> None:
        first, one = self.new()
        _, two = self.new()
        for item in ({"externalId": first, "id": two["id"]}, {"externalId": "free", "id": two["id"]},
                     {"externalId": "free", "id": "99999999"}, {"externalId": "free", "id": "x"}):
            self.assertIn("error", self.write({**item, "fields": {"name": "Thing"}})[0], item)
        self.assertEqual(self.write({"externalId": first, "id": one["id"], "fields": {}})[0]["outcome"], "unchanged")

    def test_refuses_a_reference_to_nothing(self) -> None:
        answer = self.write({"externalId": "s", "fields": {"productId": "99999999", "amount": "1"}}, kind="inventory")
        self.assertIn("productId", answer[0]["error"])

    def test_keeps_lines_in_order(self) -> None:
        _, product = self.new()
        lines = [{"productId": product["id"], "code": "z", "name": "L1", "quantity": "2", "unit": "kg", "price": "1",
                  "discount": "0", "taxRate": "22"},
                 {"productId": None, "code": None, "name": "L2", "quantity": "1", "unit": None, "price": "3",
                  "discount": None, "taxRate": None}]
        item = {"externalId": "bill", "fields": {"number": "1", "date": "2026-02-28", "lines": lines}}
        made = self.write(item, kind="invoices")[0]
        self.assertEqual(self.read(made["id"], "invoices")["fields"]["lines"], lines)
        self.assertEqual(self.write(item, kind="invoices")[0]["outcome"], "unchanged")

    def test_deactivates_and_filters(self) -> None:
        external, made = self.new()
        off = self.write({"externalId": external, "fields": {"active": False}})[0]
        self.assertEqual((off["outcome"], off["previous"]), ("updated", {"active": True}))
        for active, count in ((True, 0), (False, 1)):
            found = self.good("query", {"kind": "products", "externalIds": [external], "active": active})["items"]
            self.assertEqual(len(found), count)

    def test_pages_through_everything_once(self) -> None:
        self.write(*({"externalId": f"p-{i}", "fields": {"name": "P"}} for i in range(25)), kind="contacts")
        seen: list[str] = []
        request: Any = {"kind": "contacts", "limit": 7}
        while True:
            page = self.good("query", request)
            self.assertLessEqual(len(page["items"]), 7)
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            request["after"] = page["next"]
        self.assertGreaterEqual(len(seen), 25)
        self.assertEqual(len(seen), len(set(seen)))

    def test_finds_by_several_ids(self) -> None:
        (first, one), (_, two) = self.new(), self.new()
        found = self.good("query", {"kind": "products", "ids": [two["id"], one["id"], "99999999"]})["items"]
        self.assertEqual([item["id"] for item in found], [one["id"], two["id"]])
        both = self.good("query", {"kind": "products", "ids": [two["id"]], "externalIds": [first]})
        self.assertEqual(both, {"items": [], "next": None})

    def test_finds_by_a_thousand_ids_at_once(self) -> None:
        externals = [f"many-{i}" for i in range(1000)]
        ids = [made["id"] for made in self.write(*({"externalId": x, "fields": {"name": "M"}} for x in externals))]
        for request in ({"ids": ids}, {"externalIds": externals}, {"ids": ids, "externalIds": externals}):
            found = self.good("query", {"kind": "products", **request})
            self.assertEqual([item["externalId"] for item in found["items"]], externals)
            self.assertIsNone(found["next"])

    def test_asking_for_no_ids_finds_nothing(self) -> None:
        for name in ("ids", "externalIds"):
            self.assertEqual(self.good("query", {"kind": "products", name: []}), {"items": [], "next": None})

    def test_all_linked_records_are_not_unlinked(self) -> None:
        self.new()
        self.assertEqual(self.good("query", {"kind": "products", "unlinked": True})["items"], [])

    def test_refuses_a_wrong_query(self) -> None:
        for wrong in ({"kind": "cats"}, {}, {"kind": "products", "limit": 0}, {"kind": "products", "limit": 1001},
                      {"kind": "products", "after": "x"}, "not JSON", "[]"):
            self.refused(INVALID, "query", wrong)

    def test_refuses_a_wrong_upsert(self) -> None:
        many = [{"externalId": "m", "fields": {}}] * 1001
        for wrong in ({"kind": "cats", "items": []}, {"kind": "products"}, {"kind": "products", "items": {}},
                      {"kind": "products", "items": many}, "not JSON"):
            self.refused(INVALID, "upsert", wrong)
        self.assertEqual(self.good("query", {"kind": "products", "externalIds": ["m"]})["items"], [])

    # ---- settings, keys, clock, files, notices

    def test_settings_are_replaced_whole(self) -> None:
        self.good("put-settings", {"a": 1, "name": "Čebela"})
        self.good("put-settings", {"b": [True, None]})
        self.assertEqual(self.good("settings"), {"b": [True, None]})

    def test_wrong_settings_change_nothing(self) -> None:
        self.good("put-settings", {"kept": True})
        for wrong in ("not JSON", "[1]", "", "5"):
            self.refused(INVALID, "put-settings", wrong)
        self.assertEqual(self.good("settings"), {"kept": True})

    def test_keys_come_back_and_are_hidden(self) -> None:
        key = bytes(range(32)).hex()
        one, two = self.good("wrap", key), self.good("wrap", key)
        self.assertNotIn(key, one)
        self.assertNotEqual(one, two)
        self.assertEqual((self.good("unwrap", one), self.good("unwrap", two)), (key, key))

    def test_tampered_keys_are_refused(self) -> None:
        wrapped = bytes.fromhex(self.good("wrap", "00ff" * 16))
        for index in (0, len(wrapped) // 2, len(wrapped) - 1):
            broken = bytearray(wrapped)
            broken[index] ^= 1
            self.refused(AUTH, "unwrap", bytes(broken).hex())
        self.refused(AUTH, "unwrap", "")

    def test_a_key_has_at_most_256_bytes(self) -> None:
        key = "ab" * 256
        self.assertEqual(self.good("unwrap", self.good("wrap", key)), key)
        self.refused(INVALID, "wrap", "ab" * 257)

    def test_the_clock_is_right(self) -> None:
        self.assertAlmostEqual(self.good("now") / 1e6, time.time(), delta=5)

    def test_monotonic_time_never_goes_back(self) -> None:
        times = [self.good("monotonic") for _ in range(20)]
        self.assertEqual(times, sorted(times))
        self.assertLess(times[0], times[-1])

    def test_the_folder_is_there_and_private(self) -> None:
        folder = Path(self.good("directory"))
        self.assertTrue(folder.is_absolute() and folder.is_dir())
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual(self.good("directory"), str(folder))

    def test_notices_and_log_lines_never_fail(self) -> None:
        self.good("notify", {"id": "n", "level": "warning", "title": "T", "text": "t", "resolved": True})
        self.good("notify", "not JSON")
        self.good("notify", "[]")
        self.good("log", "a line")

    # ---- HTTP

    def test_a_request_arrives_whole(self) -> None:
        body = bytes(range(256))
        status, answer = self.host.call("POST", "/echo/one", body)
        report = json.loads(answer)
        self.assertEqual((status, report["body"]), (200, body.hex()))
        self.assertEqual((report["head"]["method"], report["head"]["path"]), ("POST", "/echo/one"))
        self.assertIn("integrations.manage", report["head"]["user"]["permissions"])

    def test_an_answer_of_many_pieces_arrives_whole(self) -> None:
        status, answer = self.host.call("GET", "/long")
        self.assertEqual((status, answer.decode()), (200, "".join(f"piece {i}\n" for i in range(2000))))

    def test_a_failing_request_is_answered_and_harms_nothing(self) -> None:
        status, text = self.host.call("POST", "/throw")
        self.assertEqual(status, 400)
        self.assertIn(b"refused on purpose", text)
        self.assertEqual(self.host.call("GET", "/silent")[0], 500)
        self.good("now")

    # ---- time

    def test_never_means_only_after_wake(self) -> None:
        before = self.plan()
        until("the host is idle", self._is_idle)
        time.sleep(0.3)
        self.assertEqual(len(self.runs()), before + 1)

    def test_the_next_call_comes_when_it_was_asked_for(self) -> None:
        before = self.plan(**{"in": 300_000})
        until("the next run_due", lambda: len(self.runs()) > before + 1, 5)
        first, second = self.runs()[before : before + 2]
        waited = (second["clock"] - first["clock"]) / 1e6
        self.assertGreaterEqual(waited, 0.29)
        self.assertLess(waited, 3)

    def test_a_time_that_has_passed_means_at_once(self) -> None:
        before = self.plan(**{"in": -1_000_000})
        until("the next run_due", lambda: len(self.runs()) > before + 1, 5)

    def test_wake_ends_a_long_wait(self) -> None:
        before = self.plan(**{"in": 3_600_000_000})
        self.good("wake")
        until("run_due after wake", lambda: len(self.runs()) > before + 1, 5)

    def test_slices_have_a_budget_and_the_hosts_time(self) -> None:
        before = self.plan()
        run = self.runs()[before]
        self.assertTrue(0 < run["budget"] <= 1_000_000, run)
        self.assertAlmostEqual(run["now"] / 1e6, run["clock"] / 1e6, delta=1)

    def test_a_failing_run_is_tried_again(self) -> None:
        for failure in ("throw", "unknown"):
            before = self.plan(**{failure: True})
            until("run_due after a failure", lambda: len(self.runs()) > before + 1, 10)

    def test_records_can_be_written_inside_run_due(self) -> None:
        items = [{"externalId": "in-run", "fields": {"name": "Slice"}}]
        before = self.plan(upsert={"kind": "products", "items": items})
        saw = until("what the run saw", lambda: self.runs()[before].get("saw"))
        self.assertEqual(saw["items"][0]["outcome"], "created")

    def test_z_a_restart_keeps_everything_and_cancels_a_busy_run(self) -> None:
        external, made = self.new(code="durable")
        self.good("put-settings", {"durable": True})
        wrapped, folder = self.good("wrap", "0badcafe"), self.good("directory")
        self.plan(busy=True)
        started = time.monotonic()
        self.host.stop()
        self.assertLess(time.monotonic() - started, 5, "cancel must reach a busy run_due")
        self.host.start()
        self.assertEqual(self.read(made["id"])["externalId"], external)
        self.assertEqual(self.good("settings"), {"durable": True})
        self.assertEqual((self.good("unwrap", wrapped), self.good("directory")), ("0badcafe", folder))


class OfCrmHost(Behaviour, unittest.TestCase):
    make = CrmHostProgram


class OfPythonHost(Behaviour, unittest.TestCase):
    make = PythonHost


if __name__ == "__main__":
    unittest.main()
