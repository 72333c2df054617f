"""The C boundary (host-sdk/include/crm/abi.h) as ctypes structures. tests/hosts compares the layout with the header."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_int32, c_int64, c_uint32, c_uint64, c_void_p
from typing import Any, ClassVar

ENTRY_MAGIC = 0x314D5243
MAJOR = 1
NEVER = 2**63 - 1  # run_due: call again only after wake
CONNECTOR = b"crm.connector/1"

# Texts are passed as plain addresses: they are not terminated and may hold NUL.
Text = c_void_p


class Sink(Structure):
    WRITE: ClassVar[Any] = CFUNCTYPE(c_int32, c_void_p, Text, c_uint64)
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("ctx", c_void_p), ("write", WRITE)]


SINK = POINTER(Sink)
# Of the same shape: text in, answer and error out.
EXCHANGE: Any = CFUNCTYPE(c_int32, c_void_p, Text, c_uint64, SINK, SINK)
READ: Any = CFUNCTYPE(c_int32, c_void_p, SINK, SINK)
TELL: Any = CFUNCTYPE(None, c_void_p, Text, c_uint64)
_HEAD = [("struct_size", c_uint32), ("reserved", c_uint32), ("ctx", c_void_p)]


class HostTable(Structure):
    _fields_ = [*_HEAD, ("query", CFUNCTYPE(c_void_p, c_void_p, Text, c_uint64))]


class Log(Structure):
    _fields_ = [*_HEAD, ("write", CFUNCTYPE(None, c_void_p, c_uint32, Text, c_uint64))]


class Clock(Structure):
    _fields_ = [*_HEAD, ("now_us", CFUNCTYPE(c_int64, c_void_p)), ("monotonic_us", CFUNCTYPE(c_int64, c_void_p))]


class Settings(Structure):
    _fields_ = [*_HEAD, ("get", READ), ("put", CFUNCTYPE(c_int32, c_void_p, Text, c_uint64, SINK))]


class Records(Structure):
    _fields_ = [*_HEAD, ("query", EXCHANGE), ("upsert", EXCHANGE)]


class Keys(Structure):
    _fields_ = [*_HEAD, ("wrap", EXCHANGE), ("unwrap", EXCHANGE)]


class Files(Structure):
    _fields_ = [*_HEAD, ("directory", READ)]


class Notify(Structure):
    _fields_ = [*_HEAD, ("post", TELL)]


class Wake(Structure):
    _fields_ = [*_HEAD, ("wake", CFUNCTYPE(None, c_void_p))]


class Threads(Structure):
    _fields_ = [*_HEAD, ("allowed", CFUNCTYPE(c_uint32, c_void_p))]


class ConnectorTable(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("create", CFUNCTYPE(c_int32, POINTER(HostTable), POINTER(c_void_p), SINK)),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        ("describe", READ),
        ("run_due", CFUNCTYPE(c_int32, c_void_p, c_int64, c_int64, POINTER(c_int64), SINK)),
        ("handle_http", CFUNCTYPE(c_int32, c_void_p, Text, c_uint64, Text, c_uint64, SINK, SINK, SINK)),
        ("status", READ),
        ("cancel", CFUNCTYPE(None, c_void_p)),
        ("stop", CFUNCTYPE(c_int32, c_void_p, c_int64, SINK)),
    ]


class Entry(Structure):
    _fields_ = [
        ("magic", c_uint32),
        ("struct_size", c_uint32),
        ("major", c_uint32),
        ("minor", c_uint32),
        ("query", CFUNCTYPE(c_void_p, Text, c_uint64)),
    ]


ENTRY_FUNCTION: Any = CFUNCTYPE(POINTER(Entry))

# C's names, for the layout test.
STRUCTURES: dict[str, type[Structure]] = {
    "crm_sink": Sink,
    "crm_host": HostTable,
    "crm_log": Log,
    "crm_clock": Clock,
    "crm_settings": Settings,
    "crm_records": Records,
    "crm_keys": Keys,
    "crm_files": Files,
    "crm_notify": Notify,
    "crm_wake": Wake,
    "crm_threads": Threads,
    "crm_connector": ConnectorTable,
    "crm_entry": Entry,
}


def has(table: Structure, member: str) -> bool:
    """CRM_HAS: the table, as long as its writer says it is, holds `member`, and the member is set.

    A table may end before the structure known here does, so nothing is read before its length was asked.
    """
    field = getattr(type(table), member)
    size = ctypes.c_uint32.from_address(ctypes.addressof(table)).value
    return size >= field.offset + field.size and bool(getattr(table, member))


def read_text(address: int | None, size: int) -> bytes:
    """A copy of a borrowed text; an absent one is empty."""
    return ctypes.string_at(address, size) if address and size else b""
