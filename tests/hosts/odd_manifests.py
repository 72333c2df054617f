"""Manifests on which two readers of JSON could differ: how each is made from a good one, and what every host says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import stack  # noqa: F401  (where crm_host is)
from crm_host.signature import canonical

Root = dict[str, Any]
TRUSTED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ORDER = 2**252 + 27742317777372353535851937790883648493
WEAK = {"0": 0, "1": 1, "-1": 2**255 - 20, "-1, sign": 2**255 - 20 + 2**255, "p": 2**255 - 19, "p + 1": 2**255 - 18,
        "order 8": int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        "order 8 too": int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")}


@dataclass(frozen=True)
class Odd:
    name: str
    good: bool
    make: Callable[[Root], bytes]


def key_text(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def dump(root: Root) -> bytes:
    return json.dumps(root, ensure_ascii=False).encode("utf-8", "surrogatepass")


def signed(root: Root, key: Ed25519PrivateKey, change: Callable[[bytes], bytes] = bytes, **later: Any) -> Root:
    value = base64.b64encode(change(key.sign(canonical(root)))).decode()
    return root | {"signature": {"algorithm": "ed25519", "key": key_text(key), "value": value}} | later


def under(key: int) -> Callable[[Root], bytes]:
    """The signature of the neutral point, which fits every text under a weak key."""
    parts = {"key": key.to_bytes(32, "little"), "value": bytes([1]) + bytes(63)}
    coded = {name: base64.b64encode(data).decode() for name, data in parts.items()}
    return lambda root: dump(root | {"signature": {"algorithm": "ed25519"} | coded})


def with_members(**members: Any) -> Callable[[Root], bytes]:
    return lambda root: dump(root | members)


def raw(member: str) -> Callable[[Root], bytes]:
    """This text as one more member."""
    return lambda root: dump(root)[:-1] + b", " + member.encode("latin-1") + b"}"


def nested(levels: int) -> Callable[[Root], bytes]:
    return raw('"deep": ' + "[" * (levels - 1) + "]" * (levels - 1))  # the manifest itself is one level


def api(text: str) -> Callable[[Root], bytes]:
    return lambda root: dump({n: v for n, v in root.items() if n != "api"})[:-1] + f', "api": {text}}}'.encode()


def unreduced(signature: bytes) -> bytes:
    return signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")


def spelled(root: Root) -> bytes:
    """Base64 whose last letter holds bits that nobody reads."""
    made = signed(root, TRUSTED)
    made["signature"]["key"] = made["signature"]["key"][:-2] + chr(ord(made["signature"]["key"][-2]) + 1) + "="
    return dump(made)


GOOD: dict[str, Callable[[Root], bytes]] = {
    "as built": dump, "unknown members": with_members(fromTheFuture=[1, {"a": None}], č="\U0001f600"),
    "an escaped pair": raw('"x": "\\ud83d\\ude00"'), "16 levels": nested(16), "a number of 40 digits": raw('"x": ' + "1" * 40),
    "a fraction": raw('"x": 1.5e3'), "minus nought": api('{"major": 1, "minor": -0}'), "blanks": lambda root: b" \r\n\t" + dump(root) + b"\n",
    "a name of 200 bytes": with_members(name="č" * 100), "a description of 2000 bytes": with_members(description="d" * 2000),
    "an empty publisher": with_members(publisher=""), "a joined emoji": with_members(name="\U0001f468\u200d\U0001f4bb"),
    "the same member in two objects": with_members(a={"x": 1}, b={"x": 2}), "no signature": with_members(signature=None),
    "a trusted signature": lambda root: dump(signed(root, TRUSTED)), "a stranger's signature": lambda root: dump(signed(root, STRANGER)),
}
BAD: dict[str, Callable[[Root], bytes]] = {
    "nothing": lambda _: b"", "blanks only": lambda _: b"   ", "a list": lambda _: b"[1]", "a number": lambda _: b"12",
    "a byte-order mark": lambda root: b"\xef\xbb\xbf" + dump(root), "UTF-16": lambda root: dump(root).decode().encode("utf-16"),
    "UTF-16 without a mark": lambda root: dump(root).decode().encode("utf-16-le"), "UTF-32": lambda root: dump(root).decode().encode("utf-32"),
    "Latin-1": raw('"x": "\xe9"'), "an overlong character": raw('"x": "\xc0\xaf"'), "a raw surrogate": with_members(x="\ud800"),
    "half a pair": raw('"x": "\\ud83d"'), "half a pair in a list": raw('"x": ["\\ude00"]'), "half a pair as a name": raw('"\\ud83d": 1'),
    "NaN": raw('"x": NaN'), "infinity": raw('"x": -Infinity'), "a number without bounds": raw('"x": 1e999'),
    "a number of 41 digits": raw('"x": ' + "1" * 41), "a number of 4500 digits": raw('"x": ' + "1" * 4500),
    "a long fraction": raw('"x": 0.' + "1" * 40), "a leading nought": raw('"x": 01'), "a plus": raw('"x": +1'), "a bare dot": raw('"x": 1.'),
    "17 levels": nested(17), "31 levels": nested(31), "500 levels": nested(500), "20000 levels": nested(20000),
    "a comment": raw('"x": 1 /* y */'), "a comma at the end": lambda root: dump(root)[:-1] + b",}", "something behind it": lambda root: dump(root) + b"{}",
    "a NUL behind it": lambda root: dump(root) + b"\0", "a line break in a text": raw('"x": "\n"'), "single quotes": raw("'x': 1"), "a bad escape": raw('"x": "\\x41"'),
    "the id twice": raw('"id": "suite-probe"'), "an unknown member twice": raw('"x": 1, "x": 1'), "twice, once escaped": raw('"x": 1, "\\u0078": 1'),
    "twice further in": raw('"x": [{"y": 1, "y": 2}]'), "more than 64 KiB": with_members(x="x" * 65536),
    "an empty name": with_members(name=""), "a name of 201 bytes": with_members(name="č" * 100 + "a"), "a number as name": with_members(name=7),
    "an id with a capital": with_members(id="A"), "an id of 65": with_members(id="a" * 65), "an id with a line break": with_members(id="suite-probe\n"),
    "a version with a line break": with_members(version="1.0.0\n"), "other digits in a version": with_members(version="1.\u0661.0"),
    "a digest with a line break": with_members(sha256="0" * 64 + "\n"), "a file with a line break": with_members(file="suite-probe.so\n"),
    "a description of 2001 bytes": with_members(description="d" * 2001), "a number as description": with_members(description=1),
    "null as description": with_members(description=None), "a list as publisher": with_members(publisher=["p"]), "null as publisher": with_members(publisher=None),
    "a publisher of 201 bytes": with_members(publisher="p" * 201), "true as major": api('{"major": true, "minor": 0}'), "a fraction as major": api('{"major": 1.0, "minor": 0}'),
    "an exponent as major": api('{"major": 1e0, "minor": 0}'), "a huge minor": api('{"major": 1, "minor": 18446744073709551617}'), "a text as minor": api('{"major": 1, "minor": "0"}'),
    **{f"U+{ord(sign):04X} in the {member}": with_members(**{member: f"a{sign}b"}) for member in ("name", "publisher", "description")
       for sign in "\t\n\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u202e\u2066\u2069"},
    "a signature that is none": with_members(signature="ed25519"), "another algorithm": lambda root: dump(signed(root, TRUSTED) | {"signature": {"algorithm": "rsa"}}),
    "changed after a trusted signature": lambda root: dump(signed(root, TRUSTED, name="Changed")),
    "changed after a stranger's signature": lambda root: dump(signed(root, STRANGER, name="Changed")),
    "a signed fraction": lambda root: dump(signed(root, TRUSTED, x=1.5)), "a signed huge number": lambda root: dump(signed(root, TRUSTED, x=2**53)),
    "a signature that is not reduced": lambda root: dump(signed(root, TRUSTED, unreduced)), "base64 with odd bits": spelled,
    **{f"a signature under the weak key {name}": under(key) for name, key in WEAK.items()},
}
TABLE = [Odd(name, good, make) for good, cases in ((True, GOOD), (False, BAD)) for name, make in cases.items()]
