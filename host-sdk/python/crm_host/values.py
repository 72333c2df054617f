"""Values as they cross the boundary: money is a decimal text, a time an RFC 3339 text in UTC."""

from __future__ import annotations

import re
import time
from decimal import Decimal

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def is_decimal(value: object) -> bool:
    """Whether it is a text such as "12.50"; never a float, which would round."""
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def same_decimal(one: object, other: object) -> bool:
    """Whether both are the same number ("1.5" and "1.50"), or the same thing when one is none."""
    if isinstance(one, str) and isinstance(other, str) and is_decimal(one) and is_decimal(other):
        return Decimal(one) == Decimal(other)
    return one == other


def instant_text(us: int) -> str:
    """Microseconds since 1970 as "2026-01-31T08:00:00.000000Z"."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // 1_000_000)) + f".{us % 1_000_000:06d}Z"
