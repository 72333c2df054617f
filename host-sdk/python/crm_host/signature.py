"""The publisher's Ed25519 signature in a manifest."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from .errors import Code, CrmError, refuse

_FIRST_LINE = b"crm-connector-manifest/1\n"
_PRIME = 2**255 - 19
# The y coordinates of the points of order 8, under which anybody can sign (host-sdk/src/crypto.cpp has them, too).
_ORDER_EIGHT = {int.from_bytes(bytes.fromhex(text), "little") for text in (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")}


def canonical(root: dict[str, Any]) -> bytes:
    """What is signed: the manifest without its signature as RFC 8785 canonical JSON, behind a fixed first line.

    Numbers are whole ones here, and member names are sorted by UTF-16 code units as the RFC says.
    """

    def order(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: order(value[name]) for name in sorted(value, key=lambda name: str(name).encode("utf-16-be"))}
        if isinstance(value, list):
            return [order(item) for item in value]
        if isinstance(value, float) or (type(value) is int and abs(value) >= 2**53):
            raise CrmError(Code.INVALID, "a signed manifest may hold whole numbers below 2^53 only")
        return value

    unsigned = {name: value for name, value in root.items() if name != "signature"}
    return _FIRST_LINE + json.dumps(order(unsigned), ensure_ascii=False, separators=(",", ":")).encode()


def check_signature(file: Path, root: dict[str, Any], trusted: set[bytes], allow_unsigned: bool) -> str | None:
    """The trusted key that signed it. A signature that is there must be right, whatever is allowed."""
    signature = root.get("signature")
    if signature is None:
        if allow_unsigned:
            return None
        refuse(file, "a manifest signed by a publisher you trust", "an unsigned one",
               "Get a signed release, or pass allow_unsigned=True if you know where it comes from")
    if not isinstance(signature, dict) or signature.get("algorithm") != "ed25519":
        _wrong(file, "signature", 'an object with "algorithm": "ed25519"', signature)
    key, value = (_part(file, signature, name, size) for name, size in (("key", 32), ("value", 64)))
    if not _verify(file, key, value, canonical(root)):
        refuse(file, "a signature that fits the manifest", "one that does not",
               "The manifest was changed after it was signed: copy it again from the release")
    shown = base64.b64encode(key).decode()
    if key in trusted:
        return shown
    if allow_unsigned:
        return None
    refuse(file, "a signature by a publisher you trust", f"one by the key {shown}",
           "Add this key to trusted_keys after comparing it with the publisher's")


def _verify(file: Path, key: bytes, value: bytes, text: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        refuse(file, "python3-cryptography to verify its signature", "no such package", "Install it")
    y = int.from_bytes(key, "little") % 2**255
    # Keys that nobody has made: y is small (empty files, counting up), -1, not reduced, or of a point of order 8.
    if y < 2**192 or y >= _PRIME - 1 or y in _ORDER_EIGHT:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def decoded_keys(keys: Iterable[str]) -> set[bytes]:
    """The publishers' keys. A key with a slip in it would be one that nothing fits, and nobody would know why."""
    if isinstance(keys, str):
        raise CrmError(Code.INVALID, "trusted_keys must be a list of keys; found one text. Write [key]")
    decoded = {_decoded(text, 32) for text in keys}
    if None in decoded:
        raise CrmError(Code.INVALID, "trusted_keys holds something else than 32 bytes as base64. "
                       "A key is the second word of the publisher's .pub file")
    return {key for key in decoded if key is not None}


def _part(file: Path, signature: dict[str, Any], name: str, size: int) -> bytes:
    data = _decoded(signature.get(name), size)
    if data is None:
        _wrong(file, f"signature.{name}", f"{size} bytes as base64", signature.get(name))
    return data


def _decoded(text: object, size: int) -> bytes | None:
    """None for every spelling but the one that encoding gives."""
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return None
    return data if len(data) == size and base64.b64encode(data).decode() == text else None


def _wrong(file: Path, member: str, expected: str, found: Any) -> NoReturn:
    shown = json.dumps(found)
    shown = shown if len(shown) <= 100 else f"a value of {len(shown)} characters"
    refuse(file, f'{expected} as the manifest\'s member "{member}"', shown,
           "Get the manifest that came with the module, or have it signed again")
