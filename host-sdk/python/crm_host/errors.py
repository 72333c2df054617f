"""The error both sides of the boundary share: a code and a text."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn


class Code(IntEnum):
    """What a call across the boundary answers (abi.h, crm_result)."""

    OK = 0
    AUTH = 1
    TRANSIENT = 2
    CONFLICT = 3
    CANCELLED = 4
    UNSUPPORTED = 5
    INVALID = 6
    INTERNAL = 7
    NOT_FOUND = 8


def failure_code(number: int) -> Code:
    """A failure's code. One from the future, or OK where only a failure can be, is a defect."""
    try:
        return Code(number) if number != Code.OK else Code.INTERNAL
    except ValueError:
        return Code.INTERNAL


_BY_STATUS = {401: Code.AUTH, 403: Code.AUTH, 404: Code.NOT_FOUND, 409: Code.CONFLICT, 429: Code.TRANSIENT,
              503: Code.TRANSIENT}


def status_code(status: int) -> Code:
    """The code that says the same as an HTTP status of a failure."""
    return _BY_STATUS.get(status, Code.INVALID if status < 500 else Code.INTERNAL)


class CrmError(Exception):
    """A failure with the code that crosses the boundary. A host raises it to choose the code."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(text)
        self.code = failure_code(code)


def refuse(file: object, expected: str, found: str, remedy: str) -> NoReturn:
    """The one shape of every refusal: what was expected, what was found, what to do about it."""
    raise CrmError(Code.INVALID, f"{file} was refused: expected {expected}; found {found}. {remedy}.")
