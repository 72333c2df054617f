"""Where results go: sinks that gather bytes, and the writing side for the module's sinks."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from . import abi
from .errors import Code, CrmError, failure_code

MAX_RESULT = 64 * 1024 * 1024
MAX_ERROR = 16 * 1024
Take = Callable[[bytes], None]


def make_sink(take: Take, pending: list[BaseException]) -> abi.Sink:
    """A sink that hands each piece to `take`. What `take` raises is kept in `pending` and ends the result."""

    def write(_ctx: int | None, data: int | None, size: int) -> int:
        try:
            take(abi.read_text(data, size))
            return Code.OK
        except CrmError as failure:
            pending.append(failure)
            return failure.code
        except BaseException as failure:  # nothing may leave a C callback; the caller raises it again
            pending.append(failure)
            return Code.INTERNAL

    # The structure keeps the callback alive.
    return abi.Sink(ctypes.sizeof(abi.Sink), 0, None, abi.Sink.WRITE(write))


class Gathered:
    """A bounded result. Too much of it is refused, or cut when it is an error text."""

    def __init__(self, limit: int = MAX_RESULT, cut: bool = False) -> None:
        self.pending: list[BaseException] = []
        self._data = bytearray()
        self._limit = limit
        self._cut = cut
        self._sink = make_sink(self._take, self.pending)
        self.pointer = ctypes.pointer(self._sink)

    def _take(self, piece: bytes) -> None:
        room = self._limit - len(self._data)
        if len(piece) > room and not self._cut:
            raise CrmError(Code.INVALID, f"the module answered more than {self._limit} bytes")
        self._data += piece[:room]

    def bytes(self) -> bytes:
        return bytes(self._data)

    def text(self) -> str:
        return self._data.decode("utf-8", "replace")


def error_sink() -> Gathered:
    return Gathered(MAX_ERROR, cut=True)


def emit(sink: Any, data: bytes) -> None:
    """Writes a result into the module's sink; raises what the sink answered."""
    if not sink or not abi.has(sink.contents, "write"):
        raise CrmError(Code.INVALID, "the caller gave no sink for the result")
    answer = sink.contents.write(sink.contents.ctx, ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))
    if answer != Code.OK:
        raise CrmError(failure_code(answer), "the receiver stopped taking the result")


def emit_error(sink: Any, text: str) -> None:
    """An error text is a courtesy: a caller without an error sink still gets the code."""
    try:
        emit(sink, text.encode("utf-8", "replace")[:MAX_ERROR].decode("utf-8", "ignore").encode())
    except CrmError:
        pass
