"""A mark on disk while a module does what may take the host down: one that is left tells the next start."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from .errors import refuse

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class CrashMark:
    """One file for each module and host process that loads it; its folder must be there.

    A mark from before the machine was started anew does not count: a power cut is no module's fault.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()

    def left(self) -> str | None:
        """What the module was doing, and when, when it took the host down; None when it did not."""
        try:
            boot, _, doing = self._file.read_text().partition("\n")
            at = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
        # One that was cut short was being written, so that something ended the process all the same.
        return f"{doing or 'being loaded'} ({at:%Y-%m-%dT%H:%M:%SZ})" if boot in ("", _boot()) else None

    def release(self) -> bool:
        """Lets the module be loaded again. False when it was not kept out."""
        was = self.left() is not None
        self._file.unlink(missing_ok=True)
        return was

    def check(self, module: Path) -> None:
        if (doing := self.left()) is not None:
            refuse(module, "a module that leaves its host running", f"one that took it down while it was {doing}",
                   f"Update it, then release it with CrashMark.release or by deleting {self._file}")

    @contextmanager
    def during(self, doing: str) -> Iterator[None]:
        with self._lock:
            self._file.write_text(f"{_boot()}\n{doing}")
            try:
                yield
            finally:
                self._file.unlink(missing_ok=True)


def _boot() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return "unknown"
