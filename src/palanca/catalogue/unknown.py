"""What is not known is a type, never a number."""

from dataclasses import dataclass
from typing import NoReturn

from palanca.catalogue.text import Text


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is missing, with the reason.

    It prints as a word, has no truth value, and takes part in no arithmetic, so that it
    cannot become zero on the way to a page.
    """

    reason: Text

    def __str__(self) -> str:
        return "unknown"

    def __format__(self, spec: str) -> str:
        if spec.strip("<>^ 0123456789s"):
            raise TypeError(f"an unknown value has no number to format as {spec!r}: {self.reason.en}")
        return format(str(self), spec)

    def __bool__(self) -> NoReturn:
        raise TypeError("an unknown value is neither true nor false: ask isinstance(value, Unknown)")


def unknown(en: str, es: str) -> Unknown:
    """Return an `Unknown` with its reason in both languages."""
    return Unknown(Text(en=en, es=es))
