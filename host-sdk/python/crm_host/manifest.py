"""The manifest beside a module file, and its publisher's signature."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Code, CrmError, refuse
from .files import read_trusted

MAX_MANIFEST = 64 * 1024
_SIGNED_PREFIX = b"crm-connector-manifest/1\n"
_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*\.(so|dll|dylib)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = r"(0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_PART}\.{_PART}\.{_PART}([-+][0-9A-Za-z.+-]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Manifest:
    id: str
    name: str
    version: str
    file: str
    sha256: str
    api_major: int
    api_minor: int
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


def _number(api: dict[str, Any], name: str, smallest: int) -> int:
    value = api.get(name)
    if type(value) is not int or not smallest <= value <= 65535:
        raise _wrong(f"api.{name}", f"a whole number from {smallest} to 65535", value)
    return value


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def canonical(root: dict[str, Any]) -> bytes:
    """What is signed: the manifest without its signature as RFC 8785 canonical JSON, behind a fixed first line.

    Numbers are whole ones here, and member names are sorted by UTF-16 code units as the RFC says.
    """

    def order(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: order(value[name]) for name in sorted(value, key=_utf16)}
        if isinstance(value, list):
            return [order(item) for item in value]
        if isinstance(value, float) or (type(value) is int and abs(value) >= 2**53):
            raise CrmError(Code.INVALID, "a signed manifest may hold whole numbers below 2^53 only")
        return value

    unsigned = {name: value for name, value in root.items() if name != "signature"}
    return _SIGNED_PREFIX + json.dumps(order(unsigned), ensure_ascii=False, separators=(",", ":")).encode()


def _check_signature(file: Path, root: dict[str, Any], trusted: Iterable[str], allow_unsigned: bool) -> str | None:
    """The key that signed it. A signature that is there must be right, whatever is allowed."""
    signature = root.get("signature")
    if signature is None:
        if allow_unsigned:
            return None
        refuse(file, "a manifest signed by a publisher you trust", "an unsigned one",
               "Get a signed release, or pass allow_unsigned=True if you know where it comes from")
    if not isinstance(signature, dict) or signature.get("algorithm") != "ed25519":
        raise _wrong("signature", 'an object with "algorithm": "ed25519"', signature)
    key, value = (_decoded(signature, name, size) for name, size in (("key", 32), ("value", 64)))
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        if allow_unsigned:
            return None
        refuse(file, "python3-cryptography to verify its signature", "no such package",
               "Install it, or pass allow_unsigned=True if you know where the module comes from")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, canonical(root))
    except (InvalidSignature, ValueError):
        refuse(file, "a signature that fits the manifest", "one that does not",
               "The manifest was changed after it was signed: copy it again from the release")
    if key in {base64.b64decode(text) for text in trusted}:
        return base64.b64encode(key).decode()
    if allow_unsigned:
        return None
    refuse(file, "a signature by a publisher you trust", f"one by the key {base64.b64encode(key).decode()}",
           "Add this key to trusted_keys after comparing it with the publisher's")


def _decoded(signature: dict[str, Any], name: str, size: int) -> bytes:
    try:
        data = base64.b64decode(signature.get(name, ""), validate=True)
    except (ValueError, TypeError):
        data = b""
    if len(data) != size:
        raise _wrong(f"signature.{name}", f"{size} bytes as base64", signature.get(name))
    return data


def read_manifest(file: Path, trusted_keys: Iterable[str] = (), allow_unsigned: bool = False) -> Manifest:
    """Reads and checks the file. Members not known here are ignored, so that newer manifests still load."""
    try:
        root = json.loads(read_trusted(file, "manifest", 2, MAX_MANIFEST))
    except (ValueError, RecursionError) as failure:
        raise CrmError(Code.INVALID, f"{file} was refused: the manifest is not JSON: {failure}") from None
    if not isinstance(root, dict):
        raise CrmError(Code.INVALID, f"{file} was refused: the manifest is wrong: expected a JSON object")
    try:
        api = root.get("api")
        if not isinstance(api, dict):
            raise _wrong("api", "an object with major and minor", api)
        return Manifest(
            id=_text(root, "id", 64, "1 to 64 lower-case letters, digits and '-', with none at the ends",
                     _ID.fullmatch),
            name=_text(root, "name", 200, "a name of 1 to 200 bytes", lambda t: t and not _CONTROL.search(t)),
            version=_text(root, "version", 64, "a semantic version such as 1.2.3", _VERSION.fullmatch),
            file=_text(root, "file", 255, "the name of the module file, without a path", _FILE.fullmatch),
            sha256=_text(root, "sha256", 64, "64 lower-case hex digits", _DIGEST.fullmatch),
            api_major=_number(api, "major", 1),
            api_minor=_number(api, "minor", 0),
            signed_by=_check_signature(file, root, trusted_keys, allow_unsigned),
        )
    except CrmError as failure:
        text = str(failure)
        raise failure if text.startswith(str(file)) else CrmError(failure.code, f"{file} was refused: {text}")
