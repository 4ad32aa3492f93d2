"""What a sentence states: traps by kind, in both languages, and properties that hold of any statement."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from palanca.brief.check import check
from palanca.brief.check.amounts import amount
from palanca.brief.check.dating import dated
from palanca.brief.check.parse import statements
from palanca.brief.check.text import language
from palanca.brief.check.wording import parts
from palanca.catalogue import Catalogue

TWO = ("MEX", "USA")
CASES = Path(__file__).parents[3] / "shared" / "cases"
FLIPPED = {"supported": "contradicted", "contradicted": "supported"}
UNTESTED = "not testable here"

TRAPS = yaml.safe_load((Path(__file__).parent / "texts" / "traps.yaml").read_text("utf-8"))
PAIRS = TRAPS["pairs"]
FALSE = {"en": "It is false that {}.", "es": "Es falso que {}."}
PUT = {
    "en": [
        "According to critics, {}.",
        "Some argue that {}.",
        "The critics say {}.",
        "If {}, much would change.",
        "Unless {}, much will change.",
        "Perhaps {}.",
        "{}, its opponents say.",
        "Reportedly, {}.",
        "It remains to be seen whether {}.",
    ],
    "es": [
        "Según los críticos, {}.",
        "Algunos sostienen que {}.",
        "Los críticos dicen que {}.",
        "Si {}, mucho cambiaría.",
        "A menos que {}, mucho cambiará.",
        "Quizá {}.",
        "{}, dicen sus opositores.",
        "Supuestamente, {}.",
        "Está por verse si {}.",
    ],
}
CLAUSES = [(lang, said, denied) for lang, held in PAIRS.items() for said, denied in held]


def verdict(said, lang, pair=TWO, **more):
    found = [one for one in check(said, *pair, language=lang, **more) if one.name]
    assert found, f"nothing found in {said!r}"
    return found[0].verdict


@pytest.fixture(scope="module")
def plain():
    return {said: verdict(f"{said}.", lang) for lang, said, _ in CLAUSES}


@pytest.mark.parametrize(("lang", "said", "denied"), CLAUSES)
def test_a_denial_flips_the_verdict(lang, said, denied, plain):
    want = FLIPPED.get(plain[said], plain[said])
    assert verdict(f"{denied}.", lang) == want
    assert verdict(FALSE[lang].format(said), lang) == want
    assert verdict(FALSE[lang].format(denied), lang) == plain[said]


@pytest.mark.parametrize(("lang", "said", "_"), CLAUSES)
def test_what_is_not_stated_by_the_author_as_a_fact_is_not_tested(lang, said, _):
    for frame in PUT[lang]:
        assert verdict(frame.format(said), lang) == UNTESTED, frame
    assert verdict(f"{said}?", lang) == UNTESTED


def test_each_pair_of_clauses_is_judged_alike_in_both_languages(plain):
    for (english, _), (spanish, _) in zip(PAIRS["en"], PAIRS["es"], strict=True):
        assert plain[english] == plain[spanish], (english, spanish)
    assert sum(found in FLIPPED for found in plain.values()) >= 24


@pytest.mark.parametrize("one", TRAPS["reversed"], ids=lambda one: one["first"][:30])
def test_a_reversed_comparison_is_reversed(one):
    found = [verdict(one[name], one["language"], one["pair"]) for name in ("first", "second")]
    assert found == ["supported", "contradicted"]


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("Mexico retaliated in 1995.", "en"),
        ("In 2012 Mexico was passive.", "en"),
        ("Between 1994 and 2000 Mexico conceded.", "en"),
        ("Since 1990 Mexico has mostly reacted.", "en"),
        ("México tomó represalias en 1995.", "es"),
        ("Desde 1990 México ha sido pasivo.", "es"),
        ("In recent years Mexico was passive.", "en"),
        ("Durante décadas México cedió.", "es"),
        ("In 2035 Mexico retaliated.", "en"),
    ],
)
def test_a_period_that_the_record_does_not_cover_is_not_tested(said, lang):
    assert verdict(said, lang) == UNTESTED


@pytest.mark.parametrize(
    ("said", "lang", "want"),
    [
        ("In June 2018 Mexico retaliated.", "en", "supported"),
        ("In March 2025 Mexico did not retaliate.", "en", UNTESTED),
        ("Mexico did not retaliate in 2018.", "en", "contradicted"),
        ("On 3 February 2025 Mexico sent the National Guard.", "en", "supported"),
        ("El 3 de febrero de 2025 México envió a la Guardia Nacional.", "es", "supported"),
        ("Between 2017 and 2019 Mexico retaliated.", "en", "supported"),
        ("Since 2017 Mexico has retaliated.", "en", "supported"),
        ("Entre 2017 y 2019 México tomó represalias.", "es", "supported"),
        ("México tomó represalias en marzo de 2025.", "es", UNTESTED),
        ("Mexico imposed no retaliatory tariffs.", "en", "contradicted"),
        ("Unlike Canada and China, Mexico imposed no retaliatory tariffs.", "en", "contradicted"),
        ("Mexico imposed no retaliatory tariffs in 2025.", "en", UNTESTED),
        ("Nunca hubo represalias comerciales.", "es", "contradicted"),
        ("En 2025 no hubo represalias comerciales.", "es", UNTESTED),
        ("Mexico votes with the United States on less than half of the votes.", "en", "supported"),
        ("México coincide con Estados Unidos en menos de la mitad de las votaciones.", "es", "supported"),
        ("México coincide con Estados Unidos en más de la mitad de las votaciones.", "es", "contradicted"),
        ("Mexico votes with the United States on more than 35 percent of the votes.", "en", "mixed"),
    ],
)
def test_a_period_selects_rows(said, lang, want):
    assert verdict(said, lang) == want


@pytest.mark.parametrize(
    ("said", "lang", "want"),
    [
        ("Mexico is anything but passive.", "en", "mixed"),
        ("Mexico is far from passive.", "en", "mixed"),
        ("México dista de ser pasivo.", "es", "mixed"),
        ("México es cualquier cosa menos pasivo.", "es", "mixed"),
        ("Mexico has barely conceded anything.", "en", "contradicted"),
        ("Mexico conceded everything.", "en", "contradicted"),
        ("Mexico always gives in.", "en", "contradicted"),
        ("Mexico retaliated against every tariff.", "en", "contradicted"),
        ("Mexico did not always concede.", "en", "supported"),
        ("México cede siempre.", "es", "contradicted"),
        ("The United States put off the tariffs more than once.", "en", "supported"),
        ("The tariffs were never put off.", "en", "contradicted"),
        ("México nunca devolvió el golpe.", "es", "contradicted"),
        ("Mexico neither retaliated nor conceded.", "en", "contradicted"),
        ("Mexico did not retaliate or concede.", "en", "contradicted"),
        ("There is no doubt that Mexico conceded.", "en", "supported"),
    ],
)
def test_degrees(said, lang, want):
    assert verdict(said, lang) == want


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("Mexico used to be passive.", "en"),
        ("Mexico was once passive.", "en"),
        ("México solía ser pasivo.", "es"),
        ("Mexico will retaliate.", "en"),
        ("Mexico may be passive.", "en"),
        ("Mexico should retaliate.", "en"),
        ("Mexico threatened to retaliate.", "en"),
        ("Mexico agreed to hand over prisoners.", "en"),
        ("México prometió entregar presos.", "es"),
        ("México debería ceder.", "es"),
        ("El mando de la Guardia Nacional se entregó a la Marina.", "es"),
        ("Mexico nearly retaliated.", "en"),
        ("Mexican farmers are passive.", "en"),
        ("El Senado mexicano es pasivo.", "es"),
        ("Canada is passive.", "en"),
        ("Mexico retaliated against China.", "en"),
        ("Mexico conceded more than Canada.", "en"),
        ("“Mexico is passive,” an official said.", "en"),
        ("How passive Mexico is!", "en"),
        ("Had Mexico conceded, the duties would have gone.", "en"),
        ("De haber cedido, México pagaría menos.", "es"),
        ("Mexico has built new alliances.", "en"),
        ("Mexico defends dictatorships.", "en"),
        ("La diplomacia de México se contradice.", "es"),
        ("Mexico wields influence in international forums.", "en"),
    ],
)
def test_traps_that_no_test_decides(said, lang):
    assert {one.verdict for one in check(said, *TWO, language=lang)} <= {UNTESTED}


def test_an_agency_is_no_dependence():
    said = "La dependencia que regula los puertos publicó su informe sobre las aduanas del país."
    assert all(
        one.verdict == UNTESTED and one.name != "dependent" for one in check(said, *TWO, language="es")
    )


@pytest.mark.parametrize(
    ("words", "percent", "relation"),
    [
        ("more than three quarters", 75, "above"),
        ("about two thirds", 200 / 3, "same"),
        ("80 percent", 80, "same"),
        ("less than half", 50, "below"),
        ("mas de nueve decimas partes", 90, "above"),
        ("tres de cada cuatro", 75, "same"),
        ("la mayor parte", 50, "above"),
        ("the bulk", 50, "above"),
    ],
)
def test_shares_in_words(words, percent, relation):
    found = amount(words)
    assert found.value == pytest.approx(percent)
    assert found.relation == relation


def test_two_rates_within_half_a_point_are_about_the_same(monkeypatch):
    from dataclasses import replace

    from palanca.brief.check import figures

    def nearer(tables, owner, other, kept=figures._duty):
        found, more = kept(tables, "MEX", other), 0.4 if owner == "CAN" else 0
        return {
            name: replace(one, values={key: rate + more for key, rate in one.values.items()})
            for name, one in found.items()
        }

    monkeypatch.setattr(figures, "_READERS", {**figures._READERS, "duty": nearer, "duty_collected": nearer})
    for said in ("Mexico pays lower duties than Canada.", "Mexico pays higher duties than Canada."):
        assert verdict(said, "en") == "mixed"
    assert verdict("Mexico pays the same duties as Canada.", "en") == "supported"


def test_the_date_of_a_text_stands_in_its_head():
    assert dated("A note\n3 March 2025\n\nMexico conceded on 4 May 2018.", "en") == date(2025, 3, 3)
    assert dated("Mexico conceded on 4 May 2018.", "en") is None


def test_rows_later_than_the_text_are_told():
    early, late = (
        check("Mexico conceded.", *TWO, language="en", written=day) for day in (date(2020, 1, 1), None)
    )
    assert early[0].later
    assert min(early[0].later) > "2020-01-01"
    assert not late[0].later


def of(predicate, said, lang):
    return [one for one in statements(said, lang, TWO) if one.predicate == predicate]


def test_what_was_understood_is_told_in_words():
    (one,) = of("retaliated", "In 2019 Mexico did not retaliate.", "en")
    assert parts(one, "en") == ["Mexico", "retaliated", "in 2019", "denied"]
    (one,) = of("retaliated", "En 2019 México no tomó represalias.", "es")
    assert parts(one, "es") == ["México", "tomó represalias", "en 2019", "negado"]


@pytest.mark.parametrize("two", [("UKR", "RUS"), ("DEU", "CHN"), ("FJI", "AUS")])
def test_a_denial_flips_for_any_pair(two):
    for said, denied in (("It depends on its neighbour.", "It does not depend on its neighbour."),):
        first, second = verdict(said, "en", two), verdict(denied, "en", two)
        assert second == FLIPPED.get(first, first)


needs_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases are not beside this copy of the source"
)


@needs_cases
@pytest.mark.parametrize(
    ("case", "lang", "right"),
    [
        ("check_compared_with_a_named_country/s", "en", [{"contradicted", UNTESTED}]),
        ("check_denials/en", "en", [{"mixed"}, {"mixed"}]),
        ("check_denials/es", "es", [{"mixed"}, {"mixed"}]),
        ("check_words_of_others/en", "en", [{UNTESTED}] * 3),
        ("check_words_of_others/es", "es", [{UNTESTED}] * 2),
        ("check_years_ignored/s", "en", [{UNTESTED, "contradicted"}, {UNTESTED, "supported"}]),
    ],
)
def test_cases_seen(case, lang, right):
    day = Catalogue(date(2026, 8, 20)) if "named" in case else None
    found = check((CASES / f"{case}.txt").read_text(), *TWO, language=lang, catalogue=day)
    assert len(found) == len(right)
    assert all(one.verdict in allowed for one, allowed in zip(found, right, strict=True))


@needs_cases
def test_the_essay_is_judged_alike_in_both_languages():
    """Every statement with an entry has a verdict or the datum that lacks, and both languages agree."""
    texts = [(CASES / "essay" / f"{lang}.txt").read_text() for lang in ("en", "es")]
    found = [{one.name: one.verdict for one in check(text, *TWO) if one.name} for text in texts]
    shared = found[0].keys() & found[1].keys()
    assert {name: found[0][name] for name in shared} == {name: found[1][name] for name in shared}
    assert len(shared) >= 23
    assert found[0]["postponed_higher_duty"] == "supported"
    assert language(texts[1]) == "es"


@pytest.mark.parametrize(
    ("said", "lang", "want"),
    [
        ("In 2025 the United States put tariffs on Mexico. Mexico did not strike back.", "en", UNTESTED),
        ("In 2018 Washington put tariffs on Mexico. Mexico did not strike back.", "en", "contradicted"),
        ("The United States put tariffs on Mexico in 2018, and Mexico retaliated.", "en", "supported"),
        ("Estados Unidos impuso aranceles en 2025. México no tomó represalias.", "es", UNTESTED),
        ("Estados Unidos impuso aranceles en 2018. México no tomó represalias.", "es", "contradicted"),
        ("Estados Unidos impuso aranceles en 2025. México nunca tomó represalias.", "es", "contradicted"),
        ("In 2025 the United States put tariffs on Mexico.\n\nMexico retaliated.", "en", "supported"),
    ],
)
def test_a_date_of_the_paragraph_selects_the_acts_that_follow_it(said, lang, want):
    (found,) = [one for one in check(said, *TWO, language=lang) if one.name == "retaliated"]
    assert found.verdict == want


@pytest.mark.parametrize("one", TRAPS["not_done"], ids=lambda one: one["text"][:40])
def test_an_act_that_is_not_on_file_as_told_is_not_supported(one):
    found = check(one["text"], *TWO, language=one["language"])
    assert all(each.verdict in (UNTESTED, "contradicted") for each in found)
