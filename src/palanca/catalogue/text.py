"""Words in the two languages of every page."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Strict(BaseModel):
    """A record of a data file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _no_count(value: Any) -> Any:
    """Refuse a number for a day, which would be taken for seconds since 1970."""
    if isinstance(value, (bool, int, float)) or (isinstance(value, str) and value.strip().isnumeric()):
        raise ValueError(f"{value} is no day, written YYYY-MM-DD")
    return value


def _no_flag(value: Any) -> Any:
    """Refuse true and false for a number, which would be taken for one and nought."""
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is no number")  # noqa: TRY004
    return value


Day = Annotated[datetime.date, BeforeValidator(_no_count)]
Number = Annotated[float, BeforeValidator(_no_flag)]


class Text(Strict):
    """The same words in English and in Spanish; neither may be empty."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)

    def __getitem__(self, language: Language) -> str:
        return self.en if language == "en" else self.es
