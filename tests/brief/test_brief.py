"""The main job: a brief on any pair, the same every time."""

import csv
import json
import random
from datetime import date

import pytest

from palanca.brief import brief, gate
from palanca.brief.claims import Claim
from palanca.brief.compilation import BODY, compiled
from palanca.brief.proofreading import faults
from palanca.brief.sections import case
from palanca.catalogue import countries
from palanca.catalogue.text import LANGUAGES
from palanca.errors import InputError, SamePair, UnknownCountry

FIELDS = {"id", "subject", "kind", "text", "template", "values", "evidence", "method", "confidence"}
VALUE_FIELDS = {"name", "value", "unit", "decimals", "lower", "upper", "level"}
EVIDENCE_FIELDS = {"table", "column", "keys", "vintage", "sha256"}
RENDERED = [
    *(("USA", "MEX"), ("CAN", "USA"), ("FRA", "DEU"), ("TUV", "NRU"), ("TWN", "CHN")),
    *(("EUU", "USA"), ("XKX", "SRB"), ("ATA", "USA"), ("GBR", "NLD")),
]

UNSOLVED = tuple(name for name in BODY if name != "simulated")


def random_pairs(count: int) -> list[tuple[str, str]]:
    """Return ordered pairs over the union of all tables, a fifth of them with the largest importer."""
    draw, codes = random.Random(2026), sorted(countries())
    pairs = [tuple(draw.sample(codes, 2)) for _ in range(count)]
    return [(a, "USA") if index % 5 == 0 and a != "USA" else (a, b) for index, (a, b) in enumerate(pairs)]


@pytest.fixture(scope="module")
def mexico(of_mexico):
    return of_mexico


@pytest.fixture(scope="module")
def files(mexico):
    return mexico.files()


def test_the_union_of_countries_is_large_enough():
    assert len(countries()) >= 190


@pytest.mark.parametrize("chunk", range(10))
def test_any_pair_compiles_and_says_nothing_foolish(chunk):
    """Measures on no file are solved for every fifteenth pair only, for that is most of the time."""
    for at, pair in enumerate(random_pairs(300)[chunk::10]):
        made = compiled(case(*pair), body=BODY if at % 15 == 0 else UNSOLVED)
        gate.enforce(made.claims, made.case.tables)
        assert made.claims or made.dropped, pair
        for item in made.dropped:
            assert item.reasons, item.id
        assert not faults(made.sections, made.case.tables), pair


@pytest.mark.parametrize(("at", "pair"), list(enumerate(RENDERED)), ids=str)
def test_pair_renders_in_either_language(at, pair, tmp_path):
    """The default pair is rendered in both by `files`."""
    lang = LANGUAGES[at % 2]
    paths = brief(*pair).save(tmp_path, [lang])
    assert {f"brief.{lang}.html", "claims.json", "manifest.json"} <= {path.name for path in paths}
    assert all(path.stat().st_size > 0 for path in paths)


def test_enough_claims_with_values_and_charts(mexico):
    assert len([claim for claim in mexico.claims if claim.values]) >= 40
    assert sum(len(section.charts) for section in mexico.body) >= 8


def test_claims_have_the_fields_of_the_contract(files):
    claims = json.loads(files["claims.json"])
    assert isinstance(claims, list)
    for claim in claims:
        assert set(claim) >= FIELDS
        assert set(claim["text"]) == {"en", "es"}
        assert all(set(value) >= VALUE_FIELDS for value in claim["values"])
        assert all(set(proof) >= EVIDENCE_FIELDS for proof in claim["evidence"])
        Claim.model_validate(claim)


def test_headline_values_are_in_the_text(files):
    said = " ".join(claim["text"]["en"] for claim in json.loads(files["claims.json"]))
    spanish = " ".join(claim["text"]["es"] for claim in json.loads(files["claims.json"]))
    for number in ("77.1%", "503.4\N{NO-BREAK SPACE}billion", "0.25%", "4.2%", "about twice"):
        assert number in said
    for number in ("77,1\N{NO-BREAK SPACE}%", "503,4\N{NO-BREAK SPACE}mil millones", "cerca del doble"):
        assert number in spanish


def test_second_compilation_is_the_same_to_the_byte(files, tmp_path, monkeypatch):
    monkeypatch.setenv("PALANCA_CACHE", str(tmp_path))  # pictures are drawn again
    again = brief("Mexico", "United States").files()
    assert again == files


def test_difference_of_law_and_collection_is_explained(mexico):
    assert "duty-why-preference:MEX-USA" in {claim.id for claim in mexico.claims}


def test_what_is_missing_is_said(mexico):
    assert "duty-collected:USA-MEX" in {item.id for item in mexico.dropped}
    empty = brief("TUV", "NRU")
    page = empty.files(["en"])["brief.en.html"].decode()
    assert "What we do not know" in page
    assert "no row for Tuvalu" in page


def test_teaser_is_short_enough(mexico):
    (teaser,) = mexico.teaser.claims
    assert max(len(teaser.text.en), len(teaser.text.es)) <= 300


def test_every_judgment_says_why_and_what_would_change_it(mexico):
    assert 3 <= len(mexico.judged) <= 5
    for judgment in mexico.judged:
        assert judgment.claim.kind == "judgment"
        assert judgment.why
        assert judgment.change


def test_dashboard_has_eight_to_twelve_lines(mexico):
    assert 8 <= len(mexico.rows) <= 12


def test_pages_are_one_file_each_and_link_every_number(files):
    for language in ("en", "es"):
        page = files[f"brief.{language}.html"].decode()
        assert f'<html lang="{language}">' in page
        assert "<script src" not in page
        assert '<link rel="stylesheet"' not in page
        assert page.count('class="n"') > 100


def test_manifest_names_every_file_and_table(files):
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    assert {"trade_totals", "customs_imports", "statutory_tariffs"} <= set(manifest["tables"])


def test_tables_are_csv(files):
    for name, content in files.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(content.decode().splitlines()))
            assert len(rows) > 1, name
            assert len({len(row) for row in rows}) == 1, name


def test_one_language_has_no_link_to_the_other(mexico):
    files = mexico.files(["es"])
    assert "brief.en.html" not in files
    assert "brief.en.html" not in files["brief.es.html"].decode()


def test_title_and_authors_are_printed_and_escaped():
    page = (
        brief("FRA", "DEU", title="A <b>title</b>", authors=["Ana", "Luis"])
        .files(["en"])["brief.en.html"]
        .decode()
    )
    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "Ana, Luis" in page


def test_as_of_a_past_day_uses_only_what_was_public(mexico):
    early = brief("MEX", "USA", as_of=date(2025, 3, 1))
    duty = next(claim for claim in early.claims if claim.id.startswith("duty-collected:"))
    assert duty.value("month.period").value == "2024-12"
    assert len(early.claims) < len(mexico.claims)


def test_day_before_all_data_is_refused():
    with pytest.raises(InputError, match="Nothing on file was public"):
        brief("MEX", "USA", as_of=date(1900, 1, 1))


def test_bad_pairs_are_refused():
    with pytest.raises(UnknownCountry, match="Did you mean Mexico"):
        brief("Mexco", "USA")
    with pytest.raises(SamePair):
        brief("Mexico", "MX")
