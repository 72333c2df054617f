"""The Python binding itself: the layout, what it refuses, what a host that misbehaves does, and a whole first sync."""

from __future__ import annotations

import base64
import ctypes
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path
from typing import Any

from stack import BUILD, PROBE, ROOT, Program

from crm_host import Code, CrmError, Host, LogLevel, abi, load
from crm_host.manifest import read_manifest
from crm_host.signature import canonical
from crm_host.local import LocalHost
from crm_host.tables import HostTables
from sqlite_host import USER, SqliteHost
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-binding-"))
        self.addCleanup(shutil.rmtree, self.folder)


class Layout(InFolder):
    def test_structures_equal_those_of_abi_h(self) -> None:
        lines = [f'printf("{c}.{field[0]} %zu %zu\\n", offsetof({c}, {field[0]}), sizeof((({c}*)0)->{field[0]}));'
                 for c, kind in abi.STRUCTURES.items() for field in kind._fields_]
        lines += [f'printf("{c} 0 %zu\\n", sizeof({c}));' for c in abi.STRUCTURES]
        source = self.folder / "layout.c"
        source.write_text('#include <stdio.h>\n#include "crm/abi.h"\nint main(void) {\n' + "\n".join(lines) + "}\n")
        program = str(self.folder / "layout")
        subprocess.run(["cc", "-I", str(ROOT / "host-sdk/include"), str(source), "-o", program], check=True)
        found = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
        known = [f"{c}.{f[0]} {getattr(k, f[0]).offset} {getattr(k, f[0]).size}"
                 for c, k in abi.STRUCTURES.items() for f in k._fields_]
        known += [f"{c} 0 {ctypes.sizeof(k)}" for c, k in abi.STRUCTURES.items()]
        self.assertEqual(found, known)

    def test_members_beyond_a_short_table_are_not_there(self) -> None:
        table = abi.Keys()
        table.wrap = type(table.wrap)(lambda *_: 0)
        table.struct_size = abi.Keys.wrap.offset + 7
        self.assertFalse(abi.has(table, "wrap"))
        table.struct_size += 1
        self.assertTrue(abi.has(table, "wrap"))
        self.assertFalse(abi.has(table, "unwrap"))


class Refusals(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.module = Path(shutil.copy(PROBE, self.folder))
        self.manifest = Path(shutil.copy(PROBE.with_suffix(".json"), self.folder))

    def refused(self, text: str, **options: Any) -> None:
        with self.assertRaises(CrmError) as caught:
            load(self.module, **{"allow_unsigned": True, **options})
        self.assertEqual(caught.exception.code, Code.INVALID)
        self.assertIn(text, str(caught.exception))

    def edit(self, **members: Any) -> None:
        self.manifest.write_text(json.dumps(json.loads(self.manifest.read_text()) | members))

    def test_writable_files_and_folders(self) -> None:
        self.module.chmod(0o666)
        self.refused("Run chmod go-w")
        self.module.chmod(0o644)
        self.folder.chmod(0o777)
        self.refused("Run chmod o-w")

    def test_another_owner(self) -> None:
        if os.geteuid() != 0:
            self.skipTest("needs root to change owners")
        os.chown(self.module, 12345, -1)
        self.refused("owner uid 12345")

    def test_links_out_of_the_folder(self) -> None:
        self.module.unlink()
        self.module.symlink_to(PROBE)
        self.refused("a link that leads to")

    def test_changed_truncated_and_foreign_bytes(self) -> None:
        data = self.module.read_bytes()
        self.module.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        self.refused("do not belong together")
        self.module.write_bytes(data[:8192])
        self.refused("cut short")
        self.module.write_bytes(data[:100])
        self.refused("100 bytes")
        self.module.write_bytes(b"<html>" * 1000)
        self.refused("an ELF shared object")
        self.module.write_bytes(data[:18] + b"\xf3\x00" + data[20:])
        self.refused("a module for")
        self.module.unlink()
        self.refused("Put the module file there")

    def test_wrong_manifests(self) -> None:
        for text, members in {"Update this host": {"api": {"major": 2, "minor": 0}}, '"id" is wrong': {"id": "A"},
                              '"sha256" is wrong': {"sha256": "x"}, "that its manifest names": {"file": "other.so"},
                              "api.major": {"api": {"major": True, "minor": 0}}}.items():
            good = self.manifest.read_text()
            self.edit(**members)
            self.refused(text)
            self.manifest.write_text(good)
        self.manifest.write_text("{not}")
        self.refused("not JSON")

    def test_signatures(self) -> None:
        self.refused("an unsigned one", allow_unsigned=False)
        key = Ed25519PrivateKey.generate()
        public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
        self.edit(name="Čebela")
        value = base64.b64encode(key.sign(canonical(json.loads(self.manifest.read_text())))).decode()
        self.edit(signature={"algorithm": "ed25519", "key": public, "value": value})
        self.assertEqual(read_manifest(self.manifest, [public]).signed_by, public)
        self.refused("a publisher you trust", allow_unsigned=False)
        self.edit(name="Changed")
        self.refused("changed after it was signed", trusted_keys=[public])
        self.refused("changed after it was signed", allow_unsigned=True)

    def test_what_is_signed_is_canonical(self) -> None:
        root = {"b": [1, {"z": None, "é": True}], "a": "č\n\"", "signature": {}}
        expected = 'crm-connector-manifest/1\n{"a":"č\\n\\"","b":[1,{"z":null,"é":true}]}'
        self.assertEqual(canonical(root), expected.encode())


class Misbehaving(Host):
    """Raises `thrown` at the service named by `at`."""

    at = ""
    thrown: BaseException = RuntimeError("broken on purpose")

    def _trip(self, name: str) -> None:
        if self.at == name:
            raise self.thrown

    def query_records(self, request: Any) -> Any:
        self._trip("query")
        return {}

    def upsert_records(self, request: Any) -> Any:
        self._trip("upsert")
        return {}

    def changed_records(self, request: Any) -> Any:
        self._trip("changes")
        return {}

    def settings(self) -> Any:
        self._trip("settings")
        return {}

    def put_settings(self, settings: Any) -> None:
        self._trip("put-settings")

    def log(self, level: LogLevel, text: str) -> None:
        self._trip("log")

    def now_us(self) -> int:
        self._trip("now")
        return super().now_us()

    def monotonic_us(self) -> int:
        self._trip("monotonic")
        return super().monotonic_us()

    def wrap_key(self, key: bytes) -> bytes:
        self._trip("wrap")
        return key

    def unwrap_key(self, wrapped: bytes) -> bytes:
        self._trip("unwrap")
        return wrapped

    def directory(self) -> str:
        self._trip("directory")
        return "/"

    def notify(self, notice: Any) -> None:
        self._trip("notify")

    def wake(self) -> None:
        self._trip("wake")


class Throwing(unittest.TestCase):
    ANSWERING = ("query", "upsert", "changes", "settings", "put-settings", "wrap", "unwrap", "directory")
    BODY = {"wrap": b"00", "unwrap": b"00"}
    SILENT = ("log", "now", "monotonic", "notify", "wake")

    def call(self, thrown: BaseException, service: str) -> Any:
        host = Misbehaving()
        with load(PROBE, allow_unsigned=True).create(host) as connector:
            host.at, host.thrown = service, thrown
            answer = connector.handle_http("POST", f"/call/{service}", self.BODY.get(service, b"{}"), user=USER)
            host.at = ""
            return answer.json()

    def test_every_answering_service_gives_code_and_text(self) -> None:
        for service in self.ANSWERING:
            for thrown, code in ((CrmError(Code.CONFLICT, "on purpose"), 3), (ValueError("on purpose"), 7)):
                with self.subTest(service=service, code=code):
                    self.assertEqual(self.call(thrown, service), {"code": code, "error": "on purpose"})

    def test_services_without_an_answer_go_on(self) -> None:
        for service in self.SILENT:
            with self.subTest(service=service):
                self.assertEqual(self.call(ValueError("x"), service)["code"], 0)

    def test_an_interrupt_is_raised_again_outside_the_module(self) -> None:
        for service in self.ANSWERING + self.SILENT:
            for kind in (KeyboardInterrupt, SystemExit):
                with self.subTest(service=service, kind=kind), self.assertRaises(kind):
                    self.call(kind(), service)

    def test_an_exception_without_a_readable_text_is_no_crash(self) -> None:
        class Unreadable(Exception):
            def __str__(self) -> str:
                raise ValueError("no text")

        self.assertEqual(self.call(Unreadable(), "query")["code"], 7)

    def test_unknown_and_unoffered_services_are_null(self) -> None:
        class Plain(Misbehaving):
            directory = Host.directory
            notify = Host.notify
            wrap_key = Host.wrap_key

        tables = HostTables(Plain(), lambda: None)
        for name, offered in ((b"crm.records/1", True), (b"crm.wake/1", True), (b"crm.files/1", False),
                              (b"crm.notify/1", False), (b"crm.keys/1", False), (b"crm.threads/1", False), (b"crm.records/2", False), (b"", False)):
            text = ctypes.cast(ctypes.c_char_p(name), ctypes.c_void_p)
            self.assertEqual(bool(tables.table.query(None, text, len(name))), offered, name)

    def test_a_feed_that_is_not_offered_is_a_null_member(self) -> None:
        class Plain(Misbehaving):
            changed_records = Host.changed_records

        for kind, offered in ((Misbehaving, True), (Plain, False)):
            tables = HostTables(kind(), lambda: None)
            name = b"crm.records/1"
            text = ctypes.cast(ctypes.c_char_p(name), ctypes.c_void_p)
            records = abi.Records.from_address(tables.table.query(None, text, len(name)))
            self.assertEqual(abi.has(records, "changes"), offered)
            self.assertTrue(abi.has(records, "upsert"))
        with load(PROBE, allow_unsigned=True).create(Plain()) as connector:
            answer = connector.handle_http("POST", "/call/changes", b"{}", user=USER).json()
        self.assertEqual(answer["code"], Code.UNSUPPORTED)

    def test_what_is_no_host_body_or_time_is_told(self) -> None:
        module = load(PROBE, allow_unsigned=True)
        with self.assertRaisesRegex(CrmError, "derived from crm_host.Host; found object") as caught:
            module.create(object())  # type: ignore[arg-type]
        self.assertEqual(caught.exception.code, Code.INVALID)
        with module.create(Misbehaving()) as connector:
            for call in (lambda: connector.handle_http("GET", "/runs", "text"),  # type: ignore[arg-type]
                         lambda: connector.run_due(10**30), lambda: connector.run_due(0, 10**30),
                         lambda: connector.run_due(1.5), lambda: connector.stop(-10**30)):  # type: ignore[arg-type]
                with self.assertRaisesRegex(CrmError, "must be bytes; found str|whole microseconds") as caught:
                    call()
                self.assertEqual(caught.exception.code, Code.INVALID)
            self.assertEqual(connector.handle_http("GET", "/runs", user=USER).status, 200)

    def test_a_closed_connector_says_so(self) -> None:
        connector = load(PROBE, allow_unsigned=True).create(Misbehaving())
        connector.close()
        connector.close()
        with self.assertRaisesRegex(CrmError, "closed"):
            connector.status()


class Folder(LocalHost):
    def query_records(self, request: Any) -> Any:
        return {"items": [], "next": None}

    def upsert_records(self, request: Any) -> Any:
        raise CrmError(Code.TRANSIENT, "locked")


class Local(InFolder):
    """What the package offers a host on one machine."""

    def test_settings_and_keys_survive_a_restart(self) -> None:
        host = Folder(str(self.folder / "data"))
        self.assertEqual(host.settings(), {})
        host.put_settings({"name": "Čebela"})
        wrapped = host.wrap_key(b"a data key")
        again = Folder(self.folder / "data")
        self.assertEqual((again.settings(), again.unwrap_key(wrapped)), ({"name": "Čebela"}, b"a data key"))
        self.assertNotIn(b"a data key", wrapped)
        for file in ("settings.json", "master.key"):
            self.assertEqual((self.folder / "data" / file).stat().st_mode & 0o777, 0o600, file)

    def test_a_key_of_another_host_or_a_changed_one_is_refused(self) -> None:
        one, other = Folder(self.folder / "one"), Folder(self.folder / "other")
        wrapped = one.wrap_key(b"key")
        for host, text in ((other, wrapped), (one, wrapped[:-1] + bytes([wrapped[-1] ^ 1])), (one, b"")):
            with self.assertRaises(CrmError) as caught:
                host.unwrap_key(text)
            self.assertEqual(caught.exception.code, Code.AUTH)
        with self.assertRaises(CrmError) as caught:
            one.wrap_key(bytes(257))
        self.assertEqual(caught.exception.code, Code.INVALID)

    def test_settings_are_replaced_whole_or_not_at_all(self) -> None:
        host = Folder(self.folder / "data")
        host.put_settings({"kept": True})
        with self.assertRaises(TypeError):
            host.put_settings({"never": object()})
        self.assertEqual(host.settings(), {"kept": True})

    def test_asking_raises_what_the_connector_refuses(self) -> None:
        with load(PROBE, allow_unsigned=True).create(Folder(self.folder / "data")) as connector:
            self.assertEqual(connector.ask("GET", "/runs", user=USER), {"runs": []})
            with self.assertRaisesRegex(CrmError, "refused on purpose"):
                connector.ask("POST", "/throw", {}, user=USER)

    def test_run_until_slices_until_it_is_done_or_the_deadline_passes(self) -> None:
        with load(PROBE, allow_unsigned=True).create(Folder(self.folder / "data")) as connector:
            def runs() -> int:
                return len(connector.ask("GET", "/runs", user=USER)["runs"])

            self.assertTrue(connector.run_until(lambda: runs() >= 2))
            self.assertFalse(connector.run_until(lambda: False, deadline=0.05))

    def test_the_example_stays_an_example(self) -> None:
        lines = (ROOT / "host-sdk/python/examples/sqlite_host.py").read_text().count("\n")
        self.assertLess(lines, 200)


CONTACT = "name taxNumber registrationNumber email phone mobile street postNumber city country isCompany isCustomer isSupplier"
PRODUCT = "code name description unit barcode price currency taxRate weight sellable purchasable service"
INVOICE = "number date dueDate currency net tax total paid status kind"
LINE = "code name quantity unit price discount taxRate"
STOCK = "warehouse amount reserved free"


def pick(record: Any, names: str) -> dict[str, Any]:
    return {name: record.get(name) for name in names.split()}


class FirstSync(InFolder):
    def truth(self, kind: str) -> list[Any]:
        items: list[Any] = []
        while True:
            url = f"{self.admin}companies/1/{kind}?offset={len(items)}&limit=1000"
            with urllib.request.urlopen(url, timeout=20) as answer:
                page = json.load(answer)
            items += page["items"]
            if not page["items"] or len(items) >= page["total"]:
                return items

    def sync(self) -> str:
        command = ["/usr/bin/python3", "-B", str(ROOT / "host-sdk/python/examples/sqlite_host.py"), "--allow-unsigned",
                   "--module", str(BUILD / "plugins/metakocka-autosync.so"), "--data", str(self.data),
                   "--url", self.url, "--ca-file", str(self.folder / "tls/ca.pem")]
        key = json.dumps({"companyId": "1", "secretKey": "sim-secret-key-1"})
        done = subprocess.run(command, input=key, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def records(self, kind: str) -> dict[str, Any]:
        host = SqliteHost(self.data)
        out: dict[str, Any] = {}
        after = None
        while True:
            page = host.query_records({"kind": kind, "after": after})
            out |= {item["externalId"]: item for item in page["items"]}
            if (after := page["next"]) is None:
                host.db.close()
                return out

    def test_everything_arrives_field_by_field_and_once(self) -> None:
        simulator = Program("metakocka-sim", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--tls-dir",
                            str(self.folder / "tls"), "--products", "300", "--partners", "80", "--invoices", "150",
                            "--stock", "400", "--seed", "7", "--companies", "1", folder=self.folder)
        self.addCleanup(simulator.stop)
        self.url, self.admin = (simulator.word_after(f"metakocka-sim {w} ") for w in ("ready", "admin"))
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        self.sync()
        contacts, products, invoices, stock = map(self.records, ("contacts", "products", "invoices", "inventory"))
        for kind, names, records in (("partners", CONTACT, contacts), ("products", PRODUCT, products)):
            truth = self.truth(kind)
            self.assertEqual(len(records), len(truth))
            for one in truth:
                record = records[one["mkId"]]
                self.assertEqual(pick(record["fields"], names), pick(one, names), one["mkId"])
                self.assertEqual(record["active"], one.get("active", True))
        bills = [b for b in self.truth("documents") if b["kind"] not in ("order", "offer")]
        self.assertEqual((len(invoices), len(products), len(contacts)), (len(bills), 300, 80))
        id_of = lambda records, external: records[external]["id"] if external in records else None  # noqa: E731
        for bill in bills:
            fields = invoices[bill["mkId"]]["fields"]
            self.assertEqual(pick(fields, INVOICE), pick(bill, INVOICE), bill["mkId"])
            self.assertEqual(fields["contactId"], id_of(contacts, bill["partnerMkId"]))
            self.assertEqual([pick(x, LINE) for x in fields["lines"]], [pick(x, LINE) for x in bill["lines"]])
            self.assertEqual([x.get("productId") for x in fields["lines"]],
                             [id_of(products, x.get("productMkId")) for x in bill["lines"]])
        truth = self.truth("stock")
        self.assertEqual(len(stock), len(truth))
        for row in truth:
            fields = stock[f"{row['productMkId']}/{row['warehouseMkId']}"]["fields"]
            self.assertEqual(pick(fields, STOCK), pick(row, STOCK))
            self.assertEqual(fields["productId"], products[row["productMkId"]]["id"])
        again = self.sync()
        self.assertNotRegex(again, "created|updated|deactivated")
        for kind, before in (("contacts", contacts), ("products", products), ("invoices", invoices), ("inventory", stock)):
            self.assertEqual(self.records(kind), before, kind)


if __name__ == "__main__":
    unittest.main()
