"""What a CRM offers to a connector: one class to derive from."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from enum import IntEnum
from typing import Any

Json = dict[str, Any]


class LogLevel(IntEnum):
    DEBUG = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class Host(ABC):
    """The services of abi.h. What an implementation raises reaches the connector as an error code and text
    (CrmError: its own code; anything else: INTERNAL); nothing escapes into the module.

    Threads: query_records and upsert_records are called on the thread that is inside run_due or handle_http.
    All others may be called from any thread; with a host that uses one thread, that thread is the only one,
    unless the module has helper threads of its own, so keep log, clock and wake free of thread-bound objects.

    An optional service that a class does not override is not offered: the connector gets NULL for it.
    """

    # ---- every host has these

    @abstractmethod
    def query_records(self, request: Json) -> Json:
        """Reads records (abi.h, crm_records.query)."""

    @abstractmethod
    def upsert_records(self, request: Json) -> Json:
        """Creates or changes records, durable on return (abi.h, crm_records.upsert)."""

    @abstractmethod
    def settings(self) -> Json:
        """The instance's settings; {} at first."""

    @abstractmethod
    def put_settings(self, settings: Json) -> None:
        """Replaces them durably, all or nothing."""

    @abstractmethod
    def log(self, level: LogLevel, text: str) -> None:
        """One line without secrets."""

    def now_us(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z; may jump."""
        return time.time_ns() // 1000

    def monotonic_us(self) -> int:
        """Microseconds since an unspecified start; never goes backwards."""
        return time.monotonic_ns() // 1000

    # ---- optional: override to offer

    def wrap_key(self, key: bytes) -> bytes:
        """Encrypts a key of at most 256 bytes under the host's master key. Override unwrap_key as well."""
        raise NotImplementedError

    def unwrap_key(self, wrapped: bytes) -> bytes:
        """The reverse. Raises CrmError(Code.AUTH) for another master key or a tampered text."""
        raise NotImplementedError

    def directory(self) -> str:
        """Absolute path of the folder that belongs to this instance. It exists and nobody else writes there."""
        raise NotImplementedError

    def notify(self, notice: Json) -> None:
        """Something a person should know (abi.h, crm_notify)."""
        raise NotImplementedError

    def wake(self) -> None:
        """There is work now. Connector's own loops know it anyway; override it when you drive run_due yourself."""

    def threads_allowed(self) -> int:
        """How many threads of its own the instance may have. They never call the host, so any number is safe."""
        raise NotImplementedError

    def offers(self, method: str) -> bool:
        """Whether this class has its own `method`."""
        return getattr(type(self), method) is not getattr(Host, method)
