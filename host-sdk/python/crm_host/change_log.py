"""Who changed which record last, in the host's own SQLite database: what a host needs to offer a change feed."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import Code, CrmError
from .host import Json

# The log keeps the last change of each record by each origin, so it stays as small as the records are. `gone` is
# what a deleted record was linked to. `change_part` has a row for each start of the host: `since` is the last
# change before it. A cursor names its part, so that one from a history that a restored backup took back is told
# apart.
SCHEMA = (
    """CREATE TABLE IF NOT EXISTS change_log (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
    record TEXT NOT NULL, origin TEXT NOT NULL, at TEXT NOT NULL, gone TEXT, UNIQUE (kind, record, origin))""",
    """CREATE TABLE IF NOT EXISTS change_part (number INTEGER PRIMARY KEY AUTOINCREMENT, part TEXT NOT NULL UNIQUE,
    since INTEGER NOT NULL)""",
)
END = "SELECT coalesce(max(sequence), 0) FROM change_log"
# A record is told at its last change by another than `origin`.
SINCE = """SELECT sequence, record, at, gone FROM change_log AS this WHERE sequence > :after AND sequence <= :end AND kind = :kind
    AND origin <> :origin AND NOT EXISTS (SELECT 1 FROM change_log AS later WHERE later.kind = :kind
    AND later.record = this.record AND later.origin <> :origin AND later.sequence > this.sequence)
    ORDER BY sequence LIMIT :limit"""
UNKNOWN = "the cursor is unknown; read everything again, with after = null"
CURSOR = re.compile(r"(?P<kind>.+)-(?P<part>[0-9a-f]{16})-(?P<sequence>[0-9]{1,18})(?:-(?P<listed>.+))?", re.DOTALL)


@dataclass
class Cursor:
    """Everything up to `sequence` was told. While all records are being listed, `listed` is where the query stands."""

    kind: str
    part: str
    sequence: int
    listed: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}-{self.part}-{self.sequence}" + (f"-{self.listed}" if self.listed is not None else "")


class ChangeLog:
    """Make one at each start of the host. `query` is the host's own query_records.

    Call note in the transaction that changes the record, with an `origin` of your choice for each connector and each
    other writer, and answer changed_records with `changes(request, the connector's origin)`.
    """

    def __init__(self, db: sqlite3.Connection, query: Callable[[Json], Json]) -> None:
        self._db = db
        self._query = query
        for table in SCHEMA:
            db.execute(table)
        with db:
            db.execute(f"INSERT INTO change_part (part, since) VALUES (?, ({END}))", (secrets.token_hex(8),))

    def note(self, kind: str, id: str, origin: str, at: str) -> None:
        """The record was created or changed; `at` is its new updatedAt."""
        sql = "INSERT OR REPLACE INTO change_log (kind, record, origin, at) VALUES (?, ?, ?, ?)"
        self._db.execute(sql, (kind, id, origin, at))

    def note_deleted(self, kind: str, id: str, origin: str, at: str, external: dict[str, str] | None = None) -> None:
        """The record was deleted; `external` is its external id for each connector's origin that it was linked to."""
        self._db.execute("DELETE FROM change_log WHERE kind = ? AND record = ?", (kind, id))
        sql = "INSERT INTO change_log (kind, record, origin, at, gone) VALUES (?, ?, ?, ?, ?)"
        self._db.execute(sql, (kind, id, origin, at, json.dumps(external or {})))

    def changes(self, request: Json, origin: str) -> Json:
        """The answer of crm_records.changes for the connector whose own changes are noted under `origin`."""
        kind, after, limit = request.get("kind"), request.get("after"), request.get("limit", 1000)
        if not isinstance(kind, str) or not (after is None or isinstance(after, str)):
            raise CrmError(Code.INVALID, "kind must be a text, and after what the last answer gave as next, or null")
        if type(limit) is not int or not 1 <= limit <= 1000:
            raise CrmError(Code.INVALID, "limit must be 1 to 1000")
        self._query({"kind": kind, "ids": []})  # refuses an unknown kind
        if after is None:
            return self._list(self._end(kind), origin, limit)
        cursor = self._read(kind, after)
        return self._since(cursor, origin, limit) if cursor.listed is None else self._list(cursor, origin, limit)

    def _end(self, kind: str) -> Cursor:
        sql = f"SELECT part, ({END}) FROM change_part ORDER BY number DESC LIMIT 1"
        part, sequence = self._db.execute(sql).fetchone()
        return Cursor(kind, part, sequence)

    def _read(self, kind: str, text: str) -> Cursor:
        unknown = CrmError(Code.CONFLICT, UNKNOWN)
        found = CURSOR.fullmatch(text)
        if found is None or found["kind"] != kind:
            raise unknown
        cursor = Cursor(kind, found["part"], int(found["sequence"]), found["listed"])
        sql = f"""SELECT coalesce((SELECT min(since) FROM change_part WHERE number > this.number), ({END}))
            FROM change_part AS this WHERE part = ?"""
        row = self._db.execute(sql, (cursor.part,)).fetchone()
        if row is None or cursor.sequence > row[0]:
            raise unknown
        return cursor

    def _list(self, cursor: Cursor, origin: str, limit: int) -> Json:
        try:
            page = self._query({"kind": cursor.kind, "limit": limit, "after": cursor.listed})
        except CrmError as failure:
            raise CrmError(Code.CONFLICT, UNKNOWN) if failure.code == Code.INVALID and cursor.listed else failure
        sql = "SELECT max(at) FROM change_log WHERE kind = ? AND record = ? AND origin <> ?"
        items = []
        for item in page["items"]:
            (changed,) = self._db.execute(sql, (cursor.kind, item["id"], origin)).fetchone()
            items.append({**item, "deleted": False, "changedAt": changed})
        cursor.listed = page["next"]
        return {"items": items, "next": str(cursor), "more": cursor.listed is not None}

    def _since(self, cursor: Cursor, origin: str, limit: int) -> Json:
        end = self._end(cursor.kind)
        asked = {"after": cursor.sequence, "end": end.sequence, "kind": cursor.kind, "origin": origin,
                 "limit": limit + 1}
        rows = self._db.execute(SINCE, asked).fetchall()
        told, more = rows[:limit], len(rows) > limit
        ids = [id for _, id, _, gone in told if gone is None]
        found = {item["id"]: item for item in self._query({"kind": cursor.kind, "ids": ids, "limit": 1000})["items"]}
        items: list[dict[str, Any]] = []
        for _, id, at, gone in told:
            if gone is not None:
                items.append({"id": id, "externalId": json.loads(gone).get(origin), "active": False, "deleted": True,
                              "updatedAt": at, "changedAt": at})
            elif id in found:  # else it was deleted in between, which is told the next time
                items.append({**found[id], "deleted": False, "changedAt": at})
        if more:
            end.sequence = told[-1][0]
        return {"items": items, "next": str(end), "more": more}
