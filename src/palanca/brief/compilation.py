"""From two countries to a brief that has passed the gate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from palanca.brief import gate, sections
from palanca.brief import language as words
from palanca.brief.claims import Claim, Dropped
from palanca.brief.sections import Case, Section
from palanca.catalogue import Catalogue, Country, Text
from palanca.catalogue.text import LANGUAGES, Language
from palanca.errors import InputError

if TYPE_CHECKING:
    from palanca.brief.sections.dashboard import Row
    from palanca.brief.sections.judgments import Judgment

BODY = (
    "structure",
    "power",
    "hidden",
    "redirection",
    "tariffs",
    "peers",
    "changed",
    "matters",
    "pressure",
    "answers",
    "posture",
    "alternatives",
    "simulated",
)


@dataclass(frozen=True)
class Brief:
    """A compiled brief: sections of claims and charts about one pair on one day.

    Attributes:
        judged: the key judgments with their reasons.
        rows: the lines of the dashboard.
        body: the sections that follow, in order.
    """

    case: Case
    title: Text
    authors: tuple[str, ...]
    teaser: Section
    judgments: Section
    judged: "tuple[Judgment, ...]"
    dashboard: Section
    rows: "tuple[Row, ...]"
    body: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section in the order of the page."""
        return (self.teaser, self.judgments, self.dashboard, *self.body)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim in the order of the page."""
        return tuple(claim for section in self.sections for claim in section.claims)

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Every sentence that could not be said."""
        return tuple(item for section in self.sections for item in section.dropped)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the catalogue's tables that any claim or chart rests on."""
        cited = {proof.table for claim in self.claims for proof in claim.evidence}
        drawn = {table for section in self.body for chart in section.charts for table in chart.tables}
        return tuple(sorted(name for name in cited | drawn if "/" not in name))

    def files(
        self, languages: Sequence[Language] = LANGUAGES, step: Callable[[str], None] = lambda _: None
    ) -> dict[str, bytes]:
        """Return every file of the brief by its path: pages, claims, tables, manifest.

        Args:
            step: called with the file's name before each page is written.
        """
        from palanca.brief.drawing import Studio
        from palanca.brief.render import files

        with Studio(languages) as studio:
            return files(self, studio, step)

    def save(self, folder: str | Path, languages: Sequence[Language] = LANGUAGES) -> list[Path]:
        """Write every file of the brief to `folder`, in place of an earlier brief; return their paths.

        Raises:
            UnwritableFolder: nothing was written.
        """
        from palanca.catalogue.publication import publish

        contents = self.files(languages)
        publish(contents, Path(folder))
        return [Path(folder) / name for name in contents]


def brief(
    country: str | Country,
    partner: str | Country,
    *,
    as_of: date | None = None,
    title: str | None = None,
    authors: Iterable[str] = (),
    seen: Callable[[Section], None] = lambda _: None,
) -> Brief:
    """Compile the brief on a pair of countries.

    Args:
        as_of: only rows public on that day are used; the default is the cut-off of the data.
        title: replaces the names of the two countries, in both languages.
        seen: called with each section of the body once it is written, before the whole is checked.

    Raises:
        UnknownCountry: no country of that name.
        SamePair: both names are of one country.
        InputError: no table on file was public on `as_of`.
        GateError: a claim breaks the contract.
    """
    tables = Catalogue(as_of) if as_of else Catalogue()
    case = sections.case(country, partner, catalogue=tables)
    made = compiled(case, title=title, authors=authors, seen=seen)
    if not made.claims and as_of:
        raise InputError(f"Nothing on file was public on {as_of}. Choose a later day or leave --date out.")
    gate.enforce(made.claims, tables)
    return made


def compiled(
    case: Case,
    *,
    body: Iterable[str] = BODY,
    title: str | None = None,
    authors: Iterable[str] = (),
    seen: Callable[[Section], None] = lambda _: None,
) -> Brief:
    """Return the brief of a case before it is checked.

    Args:
        body: names of the sections that follow the dashboard.
    """
    written = []
    for name in body:
        written.append(getattr(sections, name)(case))
        seen(written[-1])
    judgments, judged = sections.judgments(case)
    dashboard, rows = sections.dashboard(case)
    return Brief(
        case=case,
        title=Text(en=title, es=title) if title else _names(case),
        authors=tuple(authors),
        teaser=sections.teaser(case),
        judgments=judgments,
        judged=judged,
        dashboard=dashboard,
        rows=rows,
        body=tuple(written),
    )


def _names(case: Case) -> Text:
    first, second = (
        {language: words.name(country, form, language) for language in LANGUAGES}
        for country, form in ((case.a, "The"), (case.b, "the"))
    )
    return Text(en=f"{first['en']} and {second['en']}", es=f"{first['es']} y {second['es']}")
