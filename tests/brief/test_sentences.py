"""When a sentence may be said: conditions, what takes its place, and which templates are refused."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.brief import claims, scene, sentences
from palanca.brief.claims import Claim, Dropped, Item, Silent, Teller
from palanca.brief.proofreading import faults
from palanca.brief.sections import Section, case
from palanca.brief.sections.judgments import judgments
from palanca.catalogue import Catalogue, Figure, Text
from palanca.catalogue.unknown import unknown
from palanca.errors import BadParameter, GateError

TABLES = Catalogue()
PAIR = ("MEX", "USA")


@pytest.fixture(scope="module")
def share() -> Figure:
    return replace(case(*PAIR).exposure["export_share_pct"], period="2026-08")


@pytest.fixture
def say(monkeypatch, share):
    """Return a function that says template `first` of some YAML; the numbers take the place of the share."""

    def said(yaml: str, **numbers: object) -> Item:
        known = sentences.parse({"test.yaml": yaml})
        for module in (scene, claims):
            monkeypatch.setattr(module, "templates", lambda: known)
        fillings = {
            name: number if isinstance(number, Figure) else replace(share, value=number)
            for name, number in numbers.items()
        }
        return Teller(TABLES, PAIR).claim("first", fillings)

    return said


def template(words: str, when: str = "", otherwise: str = "", key: str = "first") -> str:
    rest = f", when: {{{when}}}" * bool(when) + f", otherwise: {otherwise}" * bool(otherwise)
    return f'{key}: {{en: "{words}", es: "{words} es"{rest}}}\n'


def test_another_takes_its_place_under_a_floor(say):
    yaml = template("{x}", "x: {least: hardly_trade}", "second") + template(
        "under {hardly_trade} {x.period}", key="second"
    )
    assert say(yaml, x=2.0).text.en == "2.0%"
    claim = say(yaml, x=0.04)
    assert claim.text.en == "Under 0.10% August 2026"
    assert claim.id == "first:MEX-USA"


@pytest.mark.parametrize(
    ("condition", "held", "failed"),
    [
        ("least: hardly_trade", 0.1, 0.09),
        ("most: hardly_trade", 0.1, 0.11),
        ("more: hardly_trade", 0.11, 0.1),
        ("size: hardly_trade", -0.1, -0.09),
        ("shows: true", 0.006, 0.004),
        ("above: y", 5.01, 4.99),
        ("apart: y", 5.1, 5.01),
        ("inside: true", 6.9, 7.1),
        ("clear: true", 5.0, None),
    ],
)
def test_each_condition(say, condition, held, failed):
    yaml = template("{x}", f"x: {{{condition}}}")
    ends = {"x_low": 3.0, "x_high": 7.0}
    assert isinstance(say(yaml, x=held, y=5.0, **ends), Claim)
    if failed is None:
        failed, ends = 5.0, {"x_low": -0.1, "x_high": 7.0}
    assert isinstance(say(yaml, x=failed, y=5.0, **ends), Silent)


def test_interval_whose_ends_print_alike_is_none(say):
    yaml = template("{x}", "x: {inside: true}")
    assert isinstance(say(yaml, x=12.32, x_low=12.31, x_high=12.34), Silent)


def test_age_is_said_where_it_is_old(say, share):
    yaml = "".join(
        (
            template("{>aged:x}"),
            template("{value.period}", "value: {fresh: headline_age}", "old", key="aged"),
            template("{value.period}, {value.age} old", key="old"),
        )
    )
    assert say(yaml, x=replace(share, period="2023")).text.en == "2023, 33 months old"
    assert say(yaml, x=share).text.en == "August 2026"


def test_what_is_unknown_drops_the_sentence_unless_asked_for(say):
    lost = unknown("no row", "sin fila")
    asked = template("{x} {y}", "y: {known: true}", "second") + template("{x}", key="second")
    assert say(asked, x=2.0, y=lost).text.en == "2.0%"
    dropped = say(template("{x}", "y: {shows: true}"), x=2.0, y=lost)
    assert isinstance(dropped, Dropped)
    assert [reason.en for reason in dropped.reasons] == ["no row"]


def test_condition_that_fails_outweighs_one_that_is_not_known(say):
    yaml = template("{x}", "x: {least: hardly_trade}, y: {shows: true}")
    assert isinstance(say(yaml, x=0.0, y=unknown("no row", "sin fila")), Silent)


def test_number_that_the_section_does_not_give_is_its_error(say):
    with pytest.raises(GateError, match="asks of y, and the section gives no such number"):
        say(template("{x}", "y: {shows: true}"), x=1.0)


def test_line_of_another_unit_is_refused(say):
    with pytest.raises(GateError, match="percent is held against a line in months"):
        say(template("{x}", "x: {least: headline_age}"), x=1.0)


def test_what_decides_is_on_the_ledger(say):
    claim = say(
        template("{x}", "y: {least: hardly_trade}, z: {known: true}", "second")
        + template("{x}", key="second"),
        x=3.0,
        y=2.0,
        z=unknown("no row", "sin fila"),
    )
    assert {value.name for value in claim.values} == {"x", "y"}
    assert claim.evidence


def test_words_left_out_leave_no_gap(say):
    yaml = template("a {>b:x}, {x} {>b:x}.") + template("b", "value: {most: hardly_trade}", key="b")
    assert say(yaml, x=3.0).text.en == "A, 3.0%."


@pytest.mark.parametrize(
    ("yaml", "fault"),
    [
        (template("{x}", "x: {least: nowhere}"), "no line 'nowhere'"),
        (template("{x}", "x: {shows: true}", "nowhere"), "no template is called 'nowhere'"),
        (template("{>nowhere}"), "no template is called 'nowhere'"),
        (template("{x}", otherwise="first"), "never reached"),
        (template("{x}", "x: {shows: true}", "first"), "comes back to itself"),
        (template("{>first}"), "comes back to itself"),
        (template("{x}", "x: {loud: true}"), "loud"),
        (template("{x}", "x: {}"), "asks nothing"),
        (template("{x}", "x: {ends: [a, b], shows: true}"), "`ends` serve"),
        (template("{x} {x_low} {x_high}"), "does not ask that it be inside"),
        (template("{x|rose} {x_low} {x_high}", "x: {inside: true}"), "its interval leave zero out"),
        ('first: {en: "{>b}", es: x}\n' + template("b", key="b"), "take in different templates"),
    ],
)
def test_templates_that_cannot_be_used_are_refused(yaml, fault):
    with pytest.raises(BadParameter, match=fault):
        sentences.parse({"test.yaml": yaml})


def test_every_fault_is_in_one_error():
    with pytest.raises(BadParameter) as error:
        sentences.parse({"a.yaml": template("{>b}"), "b.yaml": template("{>c}") + template("{>d}", key="e")})
    assert len(error.value.faults) == 3


@given(st.floats(-50, 50), st.floats(0, 1), st.floats(0, 1))
def test_direction_is_said_only_of_a_clear_interval(value, under, over):
    """The words for a move never say where a value went if its interval, as printed, leaves that open."""
    like = Figure("x", value, "percent", "2023", "trade_totals", (), "test")
    ends = {
        "x": like,
        "x_low": replace(like, value=value - under),
        "x_high": replace(like, value=value + over),
    }
    fillings = {f"value{name[1:]}": figure for name, figure in ends.items()}
    chosen = scene.Scene(fillings, TABLES.as_of).chosen("moved-drawn")
    signed = "rose_by" in chosen.en
    low, high = round(value - under, 2), round(value + over, 2)
    assert not (signed and low < -0.05 and high > 0.05)


def test_pair_that_hardly_trades_has_no_ratio():
    """Ukraine and Russia in 2023: 0.002 % and 0.0004 % of their goods trade."""
    section, found = judgments(case("UKR", "RUS"))
    assert "hardly trade" in found[0].claim.text.en
    assert "apenas comercian" in found[0].claim.text.es
    assert found[0].claim.confidence.level != "high"
    assert not any("times" in claim.text.en for claim in section.claims)


def test_sentences_that_are_false_on_their_face_are_found(share):
    """The faults seen in print, each told again as it stood."""
    told = {"x": 2.7, "x_low": 2.4, "x_high": 2.6, "share": 6.3, "next": 10.3, "gap": 0.01}
    fillings = {name: replace(share, value=value) for name, value in told.items()}
    seen = {
        "outside_its_interval": "{x} ({x_low} to {x_high})",
        "interval_of_one_number": "{x} ({gap_low} to {gap_high}) {gap}",
        "direction_across_zero": "{y|rose} {y|abs} ({y_low} to {y_high})",
        "next_above_first": "{share}; next {next}",
        "move_of_nothing": "{nil|abs}",
        "ratio_of_little": "{ratio}: {little} against {less}",
        "headline_without_age": "{old} {old.period}",
        "change_of_alike": "{last} after {before}: {change|rose_by} {change|abs}",
        "begins_in_lower_case": "It shares {share}. with the other it shares more.",
    }
    more = {"gap_low": 0.011, "gap_high": 0.012, "y": 1.0, "y_low": -1.0, "y_high": 2.0, "nil": 0.001}
    fillings |= {name: replace(share, value=value) for name, value in more.items()}
    fillings |= {"little": replace(share, value=0.006), "less": replace(share, value=0.001)}
    fillings |= {"ratio": replace(share, value=0.006 / 0.001, unit="ratio")}
    fillings |= {"old": replace(share, period="2023")}
    fillings |= {"last": replace(share, value=1.72), "before": replace(share, value=1.71)}
    fillings |= {"change": replace(share, value=0.87)}
    for rule, words in seen.items():
        claim = told_as(words, fillings)
        assert rule in {fault.rule for fault in faults([Section("judgments", (claim,))], TABLES)}, rule


def test_an_age_is_told_once_a_section(share):
    """A headline need not say again how old a period is, and does not."""
    old = replace(share, period="2023")
    aged = told_as("{old} {old.period}, {old.age} old", {"old": old})
    later, again = told_as("{old} {old.period}", {"old": old}), aged.model_copy(update={"id": "judgment-two"})
    rules = [faults([Section("judgments", claims)], TABLES) for claims in ((aged, later), (aged, again))]
    assert [[fault.rule for fault in found] for found in rules] == [[], ["age_twice"]]
    section, _ = judgments(case("MEX", "USA"))
    texts = " ".join(claim.text.en for claim in section.claims)
    assert texts.count("2023, 33 months old") == 1
    assert "(2023)" in texts


def told_as(words: str, fillings: dict[str, Figure]) -> Claim:
    """Return a headline with these words, whatever the templates ask."""
    template = Text(en=words, es=words)
    claim = Teller(TABLES, PAIR)._build("judgment-test", template, fillings, "judgment", tuple(fillings))
    return claim.model_copy(update={"template": template})


def test_what_was_only_announced_is_not_told_as_paid():
    """A rate that lay ahead when its table was made, or a measure still ahead, is faced by nobody yet."""
    told = re.compile(r"\b(faces?|pays?|enfrentan?|pagan?)\b")
    ahead = [key for key in sentences.templates() if re.search(r"ahead|scheduled|proposed|announced", key)]
    assert ahead
    for key in ahead:
        for text in (sentences.templates()[key].en, sentences.templates()[key].es):
            assert not told.search(re.sub(r"\bwould (face|pay)\b", "", text)), key
