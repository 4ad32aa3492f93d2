"""Words in the two languages of every page."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Strict(BaseModel):
    """A record of a data file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Strict):
    """The same words in English and in Spanish; neither may be empty."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)

    def __getitem__(self, language: Language) -> str:
        return self.en if language == "en" else self.es
