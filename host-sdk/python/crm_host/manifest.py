"""The manifest beside a module file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Code, CrmError
from .files import read_trusted
from .signature import check_signature, decoded_keys
from .strict_json import parse_strict

MAX_MANIFEST = 64 * 1024
_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.(so|dll|dylib)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = r"(0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_PART}\.{_PART}\.{_PART}([-+][0-9A-Za-z.+-]+)?")
# Control characters, and those that turn the direction of writing and so show another name.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_PLAIN = "bytes without control and direction characters"


@dataclass(frozen=True)
class Manifest:
    id: str
    name: str
    version: str
    file: str
    sha256: str
    api_major: int
    api_minor: int
    description: str
    publisher: str  # what the module says of itself; signed_by is what is known
    signed_by: str | None  # the trusted publisher's key, base64; None when unsigned ones are allowed


def _wrong(member: str, expected: str, found: Any) -> CrmError:
    shown = json.dumps(found)
    shown = shown if len(shown) <= 100 else f"a value of {len(shown)} characters"
    return CrmError(Code.INVALID, f'the manifest\'s member "{member}" is wrong: expected {expected}; found {shown}. '
                    "Correct it, or get the manifest that came with the module.")


def _text(root: dict[str, Any], name: str, largest: int, expected: str, is_right: Callable[[str], Any]) -> str:
    value = root.get(name)
    if not isinstance(value, str) or len(value.encode()) > largest or not is_right(value):
        raise _wrong(name, expected, value)
    return value


def _is_plain(text: str) -> bool:
    return _HIDDEN.search(text) is None


def _optional(root: dict[str, Any], name: str, largest: int) -> str:
    return _text(root, name, largest, f"text of at most {largest} {_PLAIN}", _is_plain) if name in root else ""


def _number(api: dict[str, Any], name: str, smallest: int) -> int:
    value = api.get(name)
    if type(value) is not int or not smallest <= value <= 65535:
        raise _wrong(f"api.{name}", f"a whole number from {smallest} to 65535", value)
    return value


def read_manifest(file: Path, trusted_keys: Iterable[str] = (), allow_unsigned: bool = False) -> Manifest:
    """Reads and checks the file. Members not known here are ignored, so that newer manifests still load."""
    trusted = decoded_keys(trusted_keys)
    data = read_trusted(file, "manifest", 2, MAX_MANIFEST)
    try:
        root = parse_strict(data)
        if not isinstance(root, dict):
            raise CrmError(Code.INVALID, "the manifest is wrong: expected a JSON object")
        api = root.get("api")
        if not isinstance(api, dict):
            raise _wrong("api", "an object with major and minor", api)
        return Manifest(
            id=_text(root, "id", 64, "1 to 64 lower-case letters, digits and '-', with none at the ends",
                     _ID.fullmatch),
            name=_text(root, "name", 200, f"a name of 1 to 200 {_PLAIN}", lambda t: t and _is_plain(t)),
            version=_text(root, "version", 64, "a semantic version such as 1.2.3", _VERSION.fullmatch),
            file=_text(root, "file", 255, "the name of the module file, without a path", _FILE.fullmatch),
            sha256=_text(root, "sha256", 64, "64 lower-case hex digits", _DIGEST.fullmatch),
            api_major=_number(api, "major", 1),
            api_minor=_number(api, "minor", 0),
            description=_optional(root, "description", 2000),
            publisher=_optional(root, "publisher", 200),
            signed_by=check_signature(file, root, trusted, allow_unsigned),
        )
    except CrmError as failure:
        text = str(failure)
        raise failure if text.startswith(str(file)) else CrmError(failure.code, f"{file} was refused: {text}")
