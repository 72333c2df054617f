"""A Host as the tables of abi.h. Every callback is guarded: nothing a host raises gets into the module."""

from __future__ import annotations

import ctypes
import json
import time
from collections.abc import Callable
from ctypes import Structure
from typing import Any

from . import abi
from .errors import Code, CrmError
from .host import Host, Json, LogLevel
from .sinks import emit, emit_error


def to_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes, what: str) -> Json:
    try:
        value = json.loads(data)
    except ValueError as failure:
        raise CrmError(Code.INVALID, f"{what} is not JSON: {failure}") from None
    if not isinstance(value, dict):
        raise CrmError(Code.INVALID, f"{what} must be a JSON object")
    return value


class HostTables:
    """Lives as long as the instance: it keeps the callbacks that the module calls."""

    def __init__(self, host: Host, woken: Callable[[], None]) -> None:
        self._host = host
        self._woken = woken
        # What is no ordinary failure (KeyboardInterrupt, SystemExit): raised again in the calling Python frame.
        self.interrupts: list[BaseException] = []
        self._services = self._make_services()
        self.table = self._table(abi.HostTable, query=self._query)

    def raise_interrupt(self) -> None:
        if self.interrupts:
            first = self.interrupts[0]
            self.interrupts.clear()
            raise first

    def _table(self, kind: type[Structure], **members: Callable[..., Any]) -> Structure:
        types: dict[str, Any] = {field[0]: field[1] for field in kind._fields_}
        callbacks: dict[str, Any] = {name: types[name](function) for name, function in members.items()}
        table = kind()
        for name, value in (("struct_size", ctypes.sizeof(kind)), *callbacks.items()):
            setattr(table, name, value)
        return table

    def _make_services(self) -> dict[bytes, Structure]:
        host = self._host
        services = {
            b"crm.log/1": self._table(abi.Log, write=self._log),
            b"crm.clock/1": self._table(
                abi.Clock,
                now_us=self._clock(host.now_us, time.time_ns),
                monotonic_us=self._clock(host.monotonic_us, time.monotonic_ns),
            ),
            b"crm.settings/1": self._table(
                abi.Settings,
                get=self._reader(lambda: to_json(host.settings())),
                put=self._put_settings,
            ),
            b"crm.records/1": self._table(
                abi.Records,
                query=self._exchange(lambda text: to_json(host.query_records(from_json(text, "the request")))),
                upsert=self._exchange(lambda text: to_json(host.upsert_records(from_json(text, "the request")))),
            ),
            b"crm.wake/1": self._table(abi.Wake, wake=self._wake),
        }
        if host.offers("wrap_key") and host.offers("unwrap_key"):
            services[b"crm.keys/1"] = self._table(
                abi.Keys, wrap=self._exchange(host.wrap_key), unwrap=self._exchange(host.unwrap_key)
            )
        if host.offers("directory"):
            services[b"crm.files/1"] = self._table(
                abi.Files, directory=self._reader(lambda: host.directory().encode("utf-8", "surrogateescape"))
            )
        if host.offers("notify"):
            services[b"crm.notify/1"] = self._table(abi.Notify, post=self._notify)
        if host.offers("threads_allowed"):
            services[b"crm.threads/1"] = self._table(abi.Threads, allowed=self._threads_allowed)
        return services

    # ---- guards

    def _guard(self, error: Any, work: Callable[[], None]) -> int:
        """The one place where an exception of the host stops."""
        try:
            work()
            return Code.OK
        except BaseException as failure:
            return self._refused(error, failure)

    def _refused(self, error: Any, failure: BaseException) -> int:
        # Even telling may fail (an exception whose text raises); an interrupt may come here as well.
        try:
            self._keep_interrupt(failure)
            emit_error(error, str(failure) or type(failure).__name__)
            return failure.code if isinstance(failure, CrmError) else Code.INTERNAL
        except BaseException as second:
            self._keep_interrupt(second)
            return Code.INTERNAL

    def _keep_interrupt(self, failure: BaseException) -> None:
        if not isinstance(failure, Exception):
            self.interrupts.append(failure)

    def _quietly(self, what: str, work: Callable[[], None]) -> None:
        """For calls that can't answer a failure: it is logged when the host can log."""
        try:
            work()
        except BaseException as failure:
            self._keep_interrupt(failure)
            if what != "log":
                kind = type(failure).__name__
                self._quietly("log", lambda: self._host.log(LogLevel.ERROR, f"the host's {what} failed: {kind}"))

    def _exchange(self, answer: Callable[[bytes], bytes]) -> Callable[..., int]:
        def callback(_ctx: int | None, text: int | None, size: int, result: Any, error: Any) -> int:
            return self._guard(error, lambda: emit(result, answer(abi.read_text(text, size))))

        return callback

    def _reader(self, answer: Callable[[], bytes]) -> Callable[..., int]:
        def callback(_ctx: int | None, result: Any, error: Any) -> int:
            return self._guard(error, lambda: emit(result, answer()))

        return callback

    def _clock(self, read: Callable[[], int], fallback_ns: Callable[[], int]) -> Callable[..., int]:
        """A clock can't say that it failed. A host whose clock raises still gets a time: the system's."""

        def callback(_ctx: int | None) -> int:
            times: list[int] = []
            self._quietly("clock", lambda: times.append(int(read())))
            return times[0] if times else fallback_ns() // 1000

        return callback

    # ---- the single callbacks

    def _query(self, _ctx: int | None, name: int | None, size: int) -> int | None:
        found: list[int] = []

        def look() -> None:
            service = self._services.get(abi.read_text(name, size))
            if service is not None:
                found.append(ctypes.addressof(service))

        self._quietly("query", look)
        return found[0] if found else None

    def _log(self, _ctx: int | None, level: int, text: int | None, size: int) -> None:
        known = LogLevel(min(level, LogLevel.ERROR))
        self._quietly("log", lambda: self._host.log(known, abi.read_text(text, size).decode("utf-8", "replace")))

    def _put_settings(self, _ctx: int | None, text: int | None, size: int, error: Any) -> int:
        return self._guard(
            error, lambda: self._host.put_settings(from_json(abi.read_text(text, size), "the settings"))
        )

    def _notify(self, _ctx: int | None, text: int | None, size: int) -> None:
        self._quietly("notify", lambda: self._host.notify(from_json(abi.read_text(text, size), "the notice")))

    def _threads_allowed(self, _ctx: int | None) -> int:
        allowed: list[int] = []
        self._quietly("threads", lambda: allowed.append(self._host.threads_allowed()))
        return allowed[0] if allowed else 0

    def _wake(self, _ctx: int | None) -> None:
        self._quietly("wake", self._woken)
        self._quietly("wake", self._host.wake)
