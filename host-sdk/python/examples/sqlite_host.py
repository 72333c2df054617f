#!/usr/bin/python3
"""A small CRM in SQLite that runs a connector's first sync: one process, one thread, no HTTP server.

    AUTOSYNC_COMPANY_ID=1 AUTOSYNC_SECRET_KEY=... sqlite_host.py --module build/release/plugins/metakocka-autosync.so \\
        --data DIR --url https://127.0.0.1:8443/rest/eshop/v1/ --ca-file tls/ca.pem --allow-unsigned
The company and key come from the environment, or as {"companyId", "secretKey"} on standard input, never as arguments.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from operator import eq
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crm_host import ChangeLog, Code, Connector, CrashMark, CrmError, load  # noqa: E402
from crm_host.host import Json  # noqa: E402
from crm_host.local import LocalHost  # noqa: E402
from crm_host.values import instant_text, is_decimal, same_decimal  # noqa: E402

CONNECTOR = "connector"  # the origin of its changes
KINDS = ("contacts", "products", "invoices", "inventory")
REFERENCES = {"contactId": "contacts", "productId": "products"}
DECIMALS = {"price", "taxRate", "weight", "net", "tax", "total", "paid", "amount", "reserved", "free"}
USER = {"name": "sqlite_host", "permissions": ["integrations.view", "integrations.manage"]}
SCHEMA = """CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, externalId TEXT,
    active INTEGER NOT NULL, updatedAt INTEGER NOT NULL, fields TEXT NOT NULL, UNIQUE (kind, externalId))"""


def number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else -1


class SqliteHost(LocalHost):
    """Records in SQLite; settings, keys and files as LocalHost keeps them."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        # One lock of SQLite's own guards a connection that several threads use.
        self.db = sqlite3.connect(data / "crm.db", isolation_level=None, check_same_thread=False)
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + SCHEMA)
        self.changes = ChangeLog(self.db, self.query_records)

    def query_records(self, request: Json) -> Json:
        kind, limit, after = self._kind(request), request.get("limit", 1000), request.get("after")
        if type(limit) is not int or not 1 <= limit <= 1000:
            raise CrmError(Code.INVALID, "limit must be 1 to 1000")
        if after is not None and number(after) < 0:
            raise CrmError(Code.INVALID, "after must be what the last answer gave as next")
        sql, values = "SELECT * FROM record WHERE kind = ? AND id > ?", [kind, number(after or "0")]
        for name, column in (("ids", "id"), ("externalIds", "externalId")):
            if name in request:
                sql += f" AND {column} IN (SELECT value FROM json_each(?))"
                wanted = request[name] if name != "ids" else [number(i) for i in request[name]]
                values.append(json.dumps(wanted))
        if request.get("unlinked"):
            sql += " AND externalId IS NULL"
        if "active" in request:
            sql += " AND active = ?"
            values.append(int(request["active"]))
        rows = self.db.execute(sql + " ORDER BY id LIMIT ?", [*values, limit + 1]).fetchall()
        items = [
            {"id": str(id), "externalId": external, "active": bool(active), "updatedAt": instant_text(at),
             "fields": json.loads(fields)}
            for id, _, external, active, at, fields in rows[:limit]
        ]
        return {"items": items, "next": items[-1]["id"] if len(rows) > limit else None}

    def changed_records(self, request: Json) -> Json:
        return self.changes.changes(request, CONNECTOR)

    def upsert_records(self, request: Json) -> Json:
        kind, items, answers = self._kind(request), request.get("items"), []
        if not isinstance(items, list) or len(items) > 1000:
            raise CrmError(Code.INVALID, "items must be an array of at most 1000")
        self.db.execute("BEGIN IMMEDIATE")
        try:
            for item in items:
                try:
                    answers.append(self._write(kind, item))
                except ValueError as refusal:  # this record's own trouble, found before anything was written
                    answers.append({"error": str(refusal)})
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        return {"items": answers}

    def _kind(self, request: Json) -> str:
        if request.get("kind") not in KINDS:
            raise CrmError(Code.INVALID, "kind must be contacts, products, invoices or inventory")
        return str(request["kind"])

    def _write(self, kind: str, item: Json) -> Json:
        external, fields = item.get("externalId"), item.get("fields")
        if not isinstance(external, str) or not 1 <= len(external.encode()) <= 255:
            raise ValueError("externalId: must be a text of 1 to 255 bytes")
        if not isinstance(fields, dict):
            raise ValueError("fields: must be an object")
        if not isinstance(item.get("ifUpdatedAt", ""), str | None):
            raise ValueError("ifUpdatedAt: must be a text")
        self._check(fields)
        row = self._find("kind = ? AND externalId = ?", kind, external)
        if item.get("id") is not None:
            target = self._find("kind = ? AND id = ?", kind, number(item["id"]))
            if target is None and not item.get("ifUpdatedAt"):
                raise ValueError("id: no such record")
            if target and row is not None and row[0] != target[0]:
                raise ValueError(f"externalId: already belongs to record {row[0]}")
            if target and target[2] not in (None, external):
                raise ValueError(f"id: this record already belongs to {target[2]}")
            row = target
        now, active, guard = self.now_us(), fields.pop("active", None), item.get("ifUpdatedAt")
        if guard is not None and (row is None or guard != instant_text(row[4])):
            return {"conflict": True, "id": str(row[0]) if row else None, "updatedAt": instant_text(row[4]) if row else None}
        if row is None:
            values = (kind, external, int(active is not False), now, json.dumps(fields))
            sql = "INSERT INTO record (kind, externalId, active, updatedAt, fields) VALUES (?, ?, ?, ?, ?)"
            id = self.db.execute(sql, values).lastrowid
            self.changes.note(kind, str(id), CONNECTOR, instant_text(now))
            return {"id": str(id), "outcome": "created", "previous": {}, "updatedAt": instant_text(now)}
        id, _, old_external, old_active, at, text = row
        old = json.loads(text)
        previous = {name: old.get(name) for name, value in fields.items()
                    if not (same_decimal if name in DECIMALS else eq)(old.get(name), value)}
        merged = json.dumps(old | {name: fields[name] for name in previous})
        if active is not None and active != bool(old_active):
            previous["active"] = bool(old_active)
        if not previous and old_external == external:
            return {"id": str(id), "outcome": "unchanged", "previous": {}, "updatedAt": instant_text(at)}
        at = max(now, at + 1)
        self.db.execute("UPDATE record SET externalId = ?, active = ?, updatedAt = ?, fields = ? WHERE id = ?",
                        (external, int(old_active if active is None else active), at, merged, id))
        self.changes.note(kind, str(id), CONNECTOR, instant_text(at))
        return {"id": str(id), "outcome": "updated", "previous": previous, "updatedAt": instant_text(at)}

    def _find(self, where: str, *values: object) -> tuple[int, str, str | None, int, int, str] | None:
        return next(self.db.execute(f"SELECT * FROM record WHERE {where}", values), None)

    def _check(self, fields: Json, path: str = "") -> None:
        for name, value in fields.items():
            if name in REFERENCES and value is not None:
                if self._find("kind = ? AND id = ?", REFERENCES[name], number(value)) is None:
                    raise ValueError(f"{path}{name}: no record of {REFERENCES[name]} has this id")
            elif value == "":
                fields[name] = None  # empty text is null
            elif name in DECIMALS and value is not None and not is_decimal(value):
                raise ValueError(f'{path}{name}: must be a decimal like "12.50"')
            elif name == "active" and not isinstance(value, bool):
                raise ValueError("active: must be true or false")
            elif name == "lines" and isinstance(value, list):
                for index, line in enumerate(value):
                    self._check(line, f"lines.{index}.")


def sync(connector: Connector) -> Iterator[Json]:
    """One run of each kind; answers how each ended."""
    for run in connector.ask("POST", "/runs", {"types": list(KINDS), "mode": "sync"}, user=USER)["runs"]:
        path = f"/runs/{run['id']}"
        connector.run_until(lambda: connector.ask("GET", path, user=USER)["state"] not in ("queued", "running"))
        yield connector.ask("GET", path, user=USER)


def main() -> int:
    parser = argparse.ArgumentParser(description="Keeps a connector's records in SQLite and syncs them once.")
    for name in ("--module", "--data", "--url", "--ca-file", "--probe"):
        parser.add_argument(name, required=name not in ("--ca-file", "--probe"), type=str if name == "--url" else Path)
    parser.add_argument("--trusted-key", action="append", default=[])
    for name in ("--allow-unsigned", "--without-probe"):
        parser.add_argument(name, action="store_true")
    options = parser.parse_args()
    env = {"companyId": "AUTOSYNC_COMPANY_ID", "secretKey": "AUTOSYNC_SECRET_KEY"}
    who = {name: os.environ.get(variable) for name, variable in env.items()}
    credentials = (who if all(who.values()) else json.load(sys.stdin)) | {"baseUrl": options.url}
    if options.ca_file:
        credentials["caCertificate"] = options.ca_file.read_text()
    host, good = SqliteHost(options.data), True
    module = load(options.module, options.trusted_key, options.allow_unsigned, probe=options.probe,
                  without_probe=options.without_probe, crash_mark=CrashMark(options.data / "module.mark"))
    with module.create(host) as connector:
        connector.ask("PUT", "/credentials", credentials, user=USER)
        for run in sync(connector):
            counts = run["counts"]
            print(f"{run['type']}: {run['state']}, " + ", ".join(f"{counts[n]} {n}" for n in counts if counts[n]))
            good = good and run["state"] == "succeeded"
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CrmError as failure:
        sys.exit(f"sqlite_host: {failure}")
