"""One running instance of a connector, driven from Python."""

from __future__ import annotations

import ctypes
import json
import math
import threading
import time
from collections.abc import Callable
from ctypes import byref, c_int64, c_void_p
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from . import abi
from .errors import Code, CrmError, failure_code, status_code
from .host import Host, Json, LogLevel
from .sinks import Gathered, error_sink, make_sink
from .tables import HostTables, from_json, to_json

SLICE_US = 200_000
# The wall clock may jump: no sleep is longer than this, whatever run_due said.
LONGEST_SLEEP = 30.0
# How long run_until may rest before it asks again whether it is done.
LONGEST_REST = 0.1
MAX_BODY = 64 * 1024 * 1024


@dataclass
class Response:
    """What handle_http answered."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


class Connector:
    """Made by Module.create; a context manager that stops and destroys the instance.

    Threads: run_due and the loops from one thread at a time. describe, handle_http, status and cancel from any
    thread, also while a run_due goes on (ctypes lets other threads run meanwhile). create, stop and destroy when
    no other call is going on, except that stop may be asked for at any time.

    A failure of the module is raised as CrmError. KeyboardInterrupt or SystemExit inside a service reaches the
    module as an INTERNAL failure and is raised again by the call that was going on.
    """

    def __init__(self, table: abi.ConnectorTable, host: Host) -> None:
        self._table = table
        self._host = host
        self._wake = threading.Event()
        self._tables = HostTables(host, self._wake.set)
        self._instance = c_void_p()
        self._stopped = False
        self._call(
            "creating the connector",
            lambda error: table.create(ctypes.pointer(self._tables.table), byref(self._instance), error),
        )
        if not self._instance:
            raise CrmError(Code.INTERNAL, "the module said that it made an instance, but gave none")

    def __enter__(self) -> Connector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- calls

    def describe(self) -> Json:
        """What the connector offers: pages, routes, permissions, tasks."""
        return self._text("describe", self._table.describe)

    def status(self) -> Json:
        """{"state": "ok"|"attention"|"off", "text"}"""
        return self._text("status", self._table.status)

    def run_due(self, now_us: int | None = None, budget_us: int = SLICE_US) -> int:
        """Does what is due for about `budget_us`; answers when to call again (abi.NEVER: only after wake)."""
        now = self._host.now_us() if now_us is None else now_us
        _check_times(now, budget_us)
        next_us = c_int64(abi.NEVER)
        self._call(
            "running what is due",
            lambda error: self._table.run_due(self._live(), now, budget_us, byref(next_us), error),
        )
        return next_us.value

    def handle_http(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        user: Json | None = None,
        write: Callable[[bytes], None] | None = None,
    ) -> Response:
        """Answers one request. `path` is below the connector's base and starts with "/".

        The body is gathered (at most 64 MiB), or streamed piece by piece to `write` when given; raise
        CrmError(Code.CANCELLED) from it when the client has gone.
        """
        if not isinstance(body, bytes):
            raise CrmError(Code.INVALID, f"the body of a request must be bytes; found {type(body).__name__}")
        request = to_json(
            {"method": method, "path": path, "query": query or {}, "headers": headers or {}, "user": user}
        )
        heads: list[Json] = []
        pieces = bytearray()
        pending: list[BaseException] = []

        def take_head(data: bytes) -> None:
            if heads:
                raise CrmError(Code.INVALID, "the module wrote the head of its answer twice")
            heads.append(from_json(data, "the head of the module's answer"))

        def take_body(data: bytes) -> None:
            if not heads:
                raise CrmError(Code.INVALID, "the module wrote the body of its answer before the head")
            if write is not None:
                write(data)
            elif len(pieces) + len(data) > MAX_BODY:
                raise CrmError(Code.INVALID, f"the module answered more than {MAX_BODY} bytes")
            else:
                pieces.extend(data)

        head_sink, body_sink = make_sink(take_head, pending), make_sink(take_body, pending)
        self._call(
            "handling the request",
            lambda error: self._table.handle_http(
                self._live(), _address(request), len(request), _address(body), len(body),
                ctypes.pointer(head_sink), ctypes.pointer(body_sink), error,
            ),
            pending,
        )
        if not heads:
            raise CrmError(Code.INTERNAL, "the module answered a request with nothing")
        return Response(int(heads[0]["status"]), dict(heads[0].get("headers") or {}), bytes(pieces))

    def ask(self, method: str, path: str, body: Json | None = None, *, user: Json | None = None) -> Json:
        """One request with JSON both ways. A status of 400 or more is raised as CrmError."""
        answer = self.handle_http(method, path, b"" if body is None else to_json(body), user=user)
        if answer.status >= 400:
            text = answer.body.decode(errors="replace")
            raise CrmError(status_code(answer.status), f"{method} {path} was answered {answer.status}: {text}")
        return from_json(answer.body, f"the module's answer to {method} {path}")

    def cancel(self) -> None:
        """Makes a run_due that is going on return soon."""
        self._table.cancel(self._live())

    def stop(self, deadline_us: int = 5_000_000) -> bool:
        """No new work is started. True when nothing runs any more within the deadline."""
        _check_times(deadline_us)
        error = error_sink()
        answer = self._table.stop(self._live(), deadline_us, error.pointer)
        self._stopped = True
        self._tables.raise_interrupt()
        if answer not in (Code.OK, Code.TRANSIENT):
            raise CrmError(failure_code(answer), error.text() or "stopping failed and gave no reason")
        return bool(answer == Code.OK)

    def close(self) -> None:
        """Stops and destroys; may be called again."""
        if not self._instance:
            return
        try:
            if not self._stopped:
                self.stop()
        finally:
            instance, self._instance = self._instance, c_void_p()
            self._table.destroy(instance)

    # ---- driving it from one thread

    def run_until_idle(self, deadline: float) -> bool:
        """Slices until nothing is due at once, at most `deadline` seconds. True when idle."""
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            self._wake.clear()
            next_us = self.run_due()
            if next_us > self._host.now_us() and not self._wake.is_set():
                return True
        return False

    def run_until(self, done: Callable[[], bool], deadline: float = math.inf) -> bool:
        """Slices until `done` says so, resting while nothing is due. False when `deadline` seconds passed before."""
        end = time.monotonic() + deadline
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._wake.clear()
            rest = (self.run_due() - self._host.now_us()) / 1e6
            if rest > 0 and not done():
                self._wake.wait(min(rest, left, LONGEST_REST))
        return True

    def run_forever(self, stopping: threading.Event) -> None:
        """Slices, sleeping in between until the next one is due or wake is called, until `stopping` is set.

        Set `stopping`, then call `poke` to end a sleep at once. A module that fails is tried again, less and
        less often.
        """
        failures = 0
        while not stopping.is_set():
            self._wake.clear()
            try:
                sleep = (self.run_due() - self._host.now_us()) / 1e6
                failures = 0
            except CrmError as failure:
                failures = min(failures + 1, 6)
                self._host.log(LogLevel.ERROR, f"the connector failed: {failure}")
                sleep = float(2 ** (failures - 1))
            if sleep > 0 and not stopping.is_set():
                self._wake.wait(min(sleep, LONGEST_SLEEP))

    def poke(self) -> None:
        """Ends run_forever's sleep."""
        self._wake.set()

    # ---- inside

    def _live(self) -> c_void_p:
        if not self._instance:
            raise CrmError(Code.INVALID, "the connector was closed")
        return self._instance

    def _text(self, what: str, function: Callable[..., Any]) -> Json:
        result = Gathered()
        self._call(what, lambda error: function(self._live(), result.pointer, error), result.pending)
        return from_json(result.bytes(), f"the module's answer to {what}")

    def _call(self, what: str, function: Callable[[Any], Any], pending: list[BaseException] | None = None) -> None:
        error = error_sink()
        answer = function(error.pointer)
        self._tables.raise_interrupt()
        if pending:
            raise pending[0]
        if answer != Code.OK:
            raise CrmError(failure_code(answer), error.text() or f"{what} failed and gave no reason")


def _check_times(*times: object) -> None:
    """ctypes would cut them to 64 bits."""
    for time_us in times:
        if type(time_us) is not int or abs(time_us) > abi.NEVER:
            raise CrmError(Code.INVALID, f"times are whole microseconds within 64 bits; found {time_us!r:.40}")


def _address(data: bytes) -> c_void_p:
    """The address of `data`, which the caller keeps alive during the call."""
    return ctypes.cast(ctypes.c_char_p(data), c_void_p)
