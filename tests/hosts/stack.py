"""The two hosts behind one face, and the programs they need."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("BUILD", ROOT / "build/release"))
sys.path[:0] = [str(ROOT / "host-sdk/python"), str(ROOT / "host-sdk/python/examples")]

# Where the Python loader finds crm-module-probe.
os.environ["PATH"] = f"{BUILD / 'bin'}{os.pathsep}{os.environ['PATH']}"

from crm_host import Code, CrmError, load  # noqa: E402
from crm_host.values import instant_text  # noqa: E402
from sqlite_host import CONNECTOR, USER, SqliteHost  # noqa: E402

PROBE = BUILD / "tests/hosts/plugins/suite-probe.so"
# What crm-host answers for a connector's failure; the Python host has no HTTP of its own.
STATUS = {Code.INVALID: 400, Code.AUTH: 401, Code.NOT_FOUND: 404, Code.CONFLICT: 409, Code.TRANSIENT: 503,
          Code.CANCELLED: 503, Code.UNSUPPORTED: 501}


def until(what: str, probe: Callable[[], Any], deadline: float = 20) -> Any:
    """The probe's first truthy answer."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        if answer := probe():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {deadline} s")


class Program:
    """A program of the build; its output goes into a file, so that no pipe fills up."""

    def __init__(self, name: str, *arguments: str, folder: Path, env: dict[str, str] | None = None) -> None:
        self.log = folder / f"{name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen([str(BUILD / "bin" / name), *arguments], stdout=out,
                                            stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})

    def word_after(self, start: str) -> str:
        def look() -> str | None:
            if self.process.poll() is not None:
                raise AssertionError(f"it ended: {self.log.read_text()}")
            lines = self.log.read_text().splitlines()
            return next((line[len(start):].split()[0] for line in lines if line.startswith(start)), None)

        return str(until(start, look, 60))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


class HostUnderTest:
    """A host with the probe in it. call answers (status, body)."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-hosts-"))

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]: ...  # type: ignore[empty-body]

    # What a person does in the CRM, without the connector.
    def user_creates(self, kind: str, **fields: Any) -> str: ...  # type: ignore[empty-body]
    def user_changes(self, kind: str, id: str, **fields: Any) -> None: ...
    def user_deletes(self, kind: str, id: str) -> None: ...

    @property
    def data(self) -> Path:
        """The folder with the host's database."""
        return self.folder

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class CrmHostProgram(HostUnderTest):
    """The sample host, as people run it."""

    @staticmethod
    def _unsigned() -> list[str]:
        usage = subprocess.run([str(BUILD / "bin/crm-host"), "--no-such-option"], capture_output=True, text=True)
        return ["--allow-unsigned"] if "--allow-unsigned" in usage.stderr + usage.stdout else []

    def start(self) -> None:
        plugins = str(PROBE.parent)
        command = [str(BUILD / "bin/crm-host"), "plugin", "enable", "suite-probe", "--plugins", plugins, "--data",
                   str(self.folder / "crm"), *self._unsigned()]
        subprocess.run(command, check=True, capture_output=True)
        self.program = Program("crm-host", "serve", "--data", str(self.folder / "crm"), "--plugins", plugins,
                               "--listen", "127.0.0.1:0", *self._unsigned(), folder=self.folder,
                               env={"CRM_ADMIN_PASSWORD": "a password for tests"})
        self.url = self.program.word_after("crm-host ready ") + "/api"
        token = [str(BUILD / "bin/crm-host"), "token", "--role", "admin", "--data", str(self.folder / "crm")]
        self.token = subprocess.run(token, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self) -> None:
        self.program.stop()

    @property
    def data(self) -> Path:
        return self.folder / "crm"

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        return self._request(method, "/integrations/suite-probe" + path, body)

    def user_creates(self, kind: str, **fields: Any) -> str:
        return str(self._edit("POST", f"/{kind}", fields)["id"])

    def user_changes(self, kind: str, id: str, **fields: Any) -> None:
        self._edit("PATCH", f"/{kind}/{id}", fields)

    def user_deletes(self, kind: str, id: str) -> None:
        self._edit("DELETE", f"/{kind}/{id}", None)

    def _edit(self, method: str, path: str, fields: Any) -> Any:
        status, answer = self._request(method, path, json.dumps(fields).encode())
        assert 200 <= status < 300, (method, path, status, answer)
        return json.loads(answer or b"null")

    def _request(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        data = body if method in ("POST", "PATCH") else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()


class LockedHost(SqliteHost):
    """The example host behind one lock: here requests come while another thread drives the connector."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.lock = threading.RLock()

    def query_records(self, request: Any) -> Any:
        with self.lock:
            return super().query_records(request)

    def upsert_records(self, request: Any) -> Any:
        with self.lock:
            return super().upsert_records(request)

    def changed_records(self, request: Any) -> Any:
        with self.lock:
            return super().changed_records(request)

    def put_settings(self, settings: Any) -> None:
        with self.lock:
            super().put_settings(settings)

    # This example has no people; here is one.

    def user_creates(self, kind: str, fields: Any) -> str:
        sql = "INSERT INTO record (kind, active, updatedAt, fields) VALUES (?, 1, ?, ?)"
        with self._transaction():
            now = self.now_us()
            id = str(self.db.execute(sql, (kind, now, json.dumps(fields))).lastrowid)
            self.changes.note(kind, id, "user", instant_text(now))
        return id

    def user_changes(self, kind: str, id: str, fields: Any) -> None:
        with self._transaction():
            old, at = self.db.execute("SELECT fields, updatedAt FROM record WHERE id = ?", (id,)).fetchone()
            at = max(self.now_us(), at + 1)
            values = (json.dumps(json.loads(old) | fields), at, id)
            self.db.execute("UPDATE record SET fields = ?, updatedAt = ? WHERE id = ?", values)
            self.changes.note(kind, id, "user", instant_text(at))

    def user_deletes(self, kind: str, id: str) -> None:
        with self._transaction():
            (external,) = self.db.execute("DELETE FROM record WHERE id = ? RETURNING externalId", (id,)).fetchone()
            links = {CONNECTOR: external} if external is not None else {}
            self.changes.note_deleted(kind, id, "user", instant_text(self.now_us()), links)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self.lock, self.db:
            self.db.execute("BEGIN IMMEDIATE")
            yield


class PythonHost(HostUnderTest):
    """The example host of the Python binding."""

    def start(self) -> None:
        self.host = LockedHost(self.folder)
        self.connector = load(PROBE, allow_unsigned=True).create(self.host)
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.connector.run_forever, args=(self.ending,))
        self.thread.start()

    def stop(self) -> None:
        self.ending.set()
        self.connector.cancel()
        self.connector.poke()
        self.thread.join(20)
        self.connector.close()
        self.host.db.close()

    def user_creates(self, kind: str, **fields: Any) -> str:
        return self.host.user_creates(kind, fields)

    def user_changes(self, kind: str, id: str, **fields: Any) -> None:
        self.host.user_changes(kind, id, fields)

    def user_deletes(self, kind: str, id: str) -> None:
        self.host.user_deletes(kind, id)

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        try:
            answer = self.connector.handle_http(method, path, body, user=USER)
            return answer.status, answer.body
        except CrmError as failure:
            return STATUS.get(failure.code, 500), str(failure).encode()
