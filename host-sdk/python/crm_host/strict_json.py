"""JSON that every reader understands alike, as host-sdk/src/strict_json.cpp reads it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from .errors import Code, CrmError

_DEPTH = 16
_LONGEST_NUMBER = 40


def parse_strict(data: bytes) -> Any:
    """UTF-8 without a byte-order mark, no member twice in an object, no long or infinite numbers, at most 16 levels."""
    try:
        root = json.loads(data.decode(), object_pairs_hook=_members, parse_int=_whole, parse_float=_fraction,
                          parse_constant=_constant)
        json.dumps(root, ensure_ascii=False).encode()  # half a surrogate pair is no text
        too_deep = _depth(root) > _DEPTH
    except (ValueError, RecursionError) as failure:
        raise CrmError(Code.INVALID, f"the manifest is not JSON: {failure}") from None
    if too_deep:
        raise CrmError(Code.INVALID, "the manifest is not JSON: too deep")
    return root


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise CrmError(Code.INVALID, f"the manifest is wrong: expected each member once; found {json.dumps(name)} "
                           "twice. Get the manifest that came with the module")
        members[name] = value
    return members


def _number(text: str) -> str:
    if len(text) > _LONGEST_NUMBER or not math.isfinite(float(text)):
        raise CrmError(Code.INVALID, "the manifest is wrong: expected numbers of at most 40 characters and below 1e308; "
                       "found another one. Write it as text")
    return text


def _whole(text: str) -> int:
    return int(_number(text))


def _fraction(text: str) -> float:
    return float(_number(text))


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)
