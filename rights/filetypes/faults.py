"""Why a file is not taken. Pure."""

from enum import StrEnum


class FileFault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TAKEN = "not_taken"
    NOT_AS_NAMED = "not_as_named"
    BROKEN = "broken"
    AMBIGUOUS = "ambiguous"
    BOMB = "bomb"
    NESTED = "nested"
    LOCKED = "locked"
    MACROS = "macros"
    EXTERNAL = "external"


class BadFile(Exception):
    """The bytes are of no kind that is taken; `fault` says why."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
