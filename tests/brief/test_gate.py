"""The contract: each breach fails the build with its own message."""

import pytest

from palanca.brief import brief, gate
from palanca.brief.claims import Claim, Dropped, Resolution, Value, render
from palanca.brief.sections import case
from palanca.catalogue import Catalogue, Figure, Text
from palanca.catalogue.unknown import unknown
from palanca.errors import GateError

TABLES = Catalogue()


@pytest.fixture(scope="module")
def claims(of_mexico):
    return {claim.id: claim for claim in of_mexico.claims}


@pytest.fixture
def share(claims) -> Claim:
    return claims["export-share:MEX-USA"]


def refused(claim: Claim, message: str) -> None:
    with pytest.raises(GateError, match=message):
        gate.enforce([claim], TABLES)


def reworded(claim: Claim, old: str, new: str, language: str = "en") -> Claim:
    """Return the claim with its text changed in one language, template and values untouched."""
    assert old in claim.text[language]
    text = claim.text.model_copy(update={language: claim.text[language].replace(old, new)})
    return claim.model_copy(update={"text": text})


def retold(claim: Claim, en: str, es: str) -> Claim:
    """Return the claim built anew from other templates."""
    template = Text(en=en, es=es)
    return claim.model_copy(update={"template": template, "text": render(template, claim.values)})


def test_whole_brief_passes(claims):
    gate.enforce(list(claims.values()), TABLES)


def test_false_number_is_refused(share):
    refused(reworded(share, "77.1", "79.1"), r"the number 79\.1 in the en text is not in the ledger")
    refused(reworded(share, "77,1", "79,1", "es"), r"the number 79,1 in the es text is not in the ledger")


def test_number_typed_into_a_template_is_refused(share):
    refused(
        retold(share, "About 80 of {share}.", "Cerca de 80 de {share}."), "the number 80 is typed into the en"
    )
    refused(retold(share, "Two of {share}: two.", "Dos: dos {share}."), "'two' .numbers. is typed")


def test_false_verb_is_refused(claims):
    duty = claims["judgment-duty:MEX-USA"]
    refused(reworded(duty, "rose", "fell"), "a verb is not computed")
    refused(reworded(duty, "subió", "bajó", "es"), "a verb is not computed")
    refused(reworded(claims["statutory-median:MEX-USA"], "below", "above"), "a verb is not computed")


def test_verb_typed_into_a_template_is_refused(share):
    refused(
        retold(share, "The share rose to {share}.", "La proporción subió a {share}."),
        "'rose' .verbs. is typed",
    )


def test_hedge_is_refused(share):
    refused(retold(share, "It may reach {share}.", "Podría llegar a {share}; podría."), "hedges")


def test_reasons_of_confidence_do_not_hedge(claims):
    hedges = gate._guard()["hedges"]
    for claim in claims.values():
        for language in ("en", "es"):
            assert not hedges.pattern(language).search(claim.confidence.reason[language]), claim.id


def test_missing_source_is_refused(share):
    refused(share.model_copy(update={"evidence": ()}), "no source: the claim has no evidence")
    bare = tuple(value.model_copy(update={"evidence": ()}) for value in share.values)
    refused(share.model_copy(update={"values": bare}), "no source: share has no evidence")


def test_evidence_that_is_not_in_the_table_is_refused(share):
    proof = share.evidence[0].model_copy(update={"keys": {"exporter": "MEX", "importer": "ZZZ"}})
    refused(
        share.model_copy(update={"evidence": (proof, *share.evidence[1:])}),
        "rows that trade_totals does not hold",
    )
    other = share.evidence[0].model_copy(update={"sha256": "0" * 64})
    refused(
        share.model_copy(update={"evidence": (other, *share.evidence[1:])}), "another version of trade_totals"
    )


def test_value_that_differs_from_its_cell_is_refused(claims):
    claim = claims["remittances:MEX-USA"]
    values = tuple(v.model_copy(update={"value": 9.9}) if v.name == "value" else v for v in claim.values)
    false = claim.model_copy(update={"values": values, "text": render(claim.template, values)})
    refused(false, r"value is 9\.9 but factbook_exposure says 3\.7")


def test_untranslated_sentence_is_refused(share):
    copied = Text(en=share.template.en, es=share.template.en)
    refused(
        share.model_copy(update={"template": copied, "text": render(copied, share.values)}),
        "is not translated",
    )


def test_languages_that_say_different_things_are_refused(share):
    refused(retold(share, "It was {share}.", "Fue {share} en {share.period}."), "the ledgers differ")


def test_country_without_evidence_is_refused(share):
    value = Value(name="c", value="FRA", unit="country")
    values = (*share.values, value)
    template = Text(en="{c|the} had {share}.", es="{c|the} tuvo {share}.")
    claim = share.model_copy(
        update={"values": values, "template": template, "text": render(template, values)}
    )
    refused(claim, "FRA is named without evidence")


def test_old_value_that_hides_its_age_is_refused(claims):
    old = claims["front-trend:MEX-USA:neighbour_encounters"]
    refused(
        retold(old, "{title}: {last}.", "{title}: hubo {last}."),
        "past its freshness limit and does not say so",
    )


def test_forecast_without_rule_or_date_is_refused(share):
    refused(share.model_copy(update={"kind": "forecast"}), "a forecast without a rule and date")
    settled = Resolution(rule=Text(en="rule", es="regla"), date="2027-01-01", probability=0.5)
    gate.enforce([share.model_copy(update={"kind": "forecast", "resolution": settled})], TABLES)


def test_two_claims_of_one_id_are_refused(share):
    with pytest.raises(GateError, match="two claims carry this id"):
        gate.enforce([share, share], TABLES)


def test_all_faults_are_listed_at_once(share, claims):
    bad = [reworded(share, "77.1", "79.1"), reworded(claims["judgment-duty:MEX-USA"], "rose", "fell")]
    with pytest.raises(GateError) as caught:
        gate.enforce(bad, TABLES)
    assert {fault.split(":")[0] for fault in caught.value.faults} == {"export-share", "judgment-duty"}


def test_unknown_value_drops_the_sentence_with_its_reason():
    found = case("MEX", "USA")
    missing = unknown("no such row", "no hay tal fila")
    lost = Figure("share", missing, "percent", "2023", "trade_totals", (), "test")
    item = found.tell("export-share", {"share": lost, "rank": found.exposure["export_rank"]})
    assert isinstance(item, Dropped)
    assert item.reasons == (missing.reason,)


def test_refused_brief_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "CHECKS", (lambda *_: iter(["planted"]),))
    with pytest.raises(GateError):
        brief("MEX", "USA").save(tmp_path / "out")
    assert not (tmp_path / "out").exists()
