"""Kinds of wording read alike: passives, deeds told as nouns, numbers in words, turned comparisons."""

import pytest

from palanca.brief.check import forms, refusing
from palanca.brief.check.entries import entries
from palanca.brief.check.numbers import digits
from palanca.brief.check.parse import statements
from palanca.brief.check.text import tokens

TWO = ("MEX", "USA")


def read(said, lang):
    """Return what of a sentence goes to a test of the catalogue: entry, whether it holds, whose it is.

    An act told of one row of the ledger goes there besides, and is none of these.
    """
    return [
        (one.predicate, one.holds, one.subject)
        for one in statements(said, lang, TWO)
        if one.predicate and not one.deed and refusing.why(one, entries()[one.predicate], TWO) is None
    ]


@pytest.mark.parametrize(
    ("lang", "said", "want"),
    [
        # passives with a doer
        ("en", "Retaliatory duties were imposed by Mexico in 2018.", ("retaliated", True, "MEX")),
        ("en", "No soldiers were ever sent to the border by Mexico.", ("sent_forces", False, "MEX")),
        ("es", "Un arancel general fue impuesto por Estados Unidos.", ("tariffs_imposed", True, "USA")),
        # deeds told as nouns
        ("en", "Mexico's retaliation came in June 2018.", ("retaliated", True, "MEX")),
        ("en", "There was no Mexican retaliation in 2018.", ("retaliated", False, "MEX")),
        (
            "en",
            "The removal of the tariffs on Mexico took place in May 2019.",
            ("tariffs_eased", True, "USA"),
        ),
        ("es", "Las represalias mexicanas llegaron en junio de 2018.", ("retaliated", True, "MEX")),
        ("es", "La imposición de aranceles a México empezó en 2018.", ("tariffs_imposed", True, "USA")),
        # verbs of one meaning, and what was chosen not to be done
        ("en", "Mexico acceded to the demands of the Trump administration.", ("conceded", True, "MEX")),
        ("en", "Mexico opted not to retaliate in 2018.", ("retaliated", False, "MEX")),
        ("es", "México no dio su brazo a torcer.", ("conceded", False, "MEX")),
        ("es", "México optó por no tomar represalias en 2018.", ("retaliated", False, "MEX")),
        # who bears it stands first
        (
            "en",
            "In March 2025 Mexican goods were hit with a 25 percent tariff.",
            ("tariffs_imposed", True, "USA"),
        ),
        ("en", "Mexico has come under pressure from Washington.", ("pressed", True, "USA")),
        ("es", "México fue golpeado por aranceles estadounidenses.", ("tariffs_imposed", True, "USA")),
        # numbers in words and parts of so many
        (
            "en",
            "Twenty-six cartel members were handed over in August 2025.",
            ("handed_over_prisoners", True, "MEX"),
        ),
        ("en", "Four out of five Mexican exports go to the United States.", ("figure_told", True, "MEX")),
        (
            "es",
            "Tres de cada cuatro dólares que México exporta van a Estados Unidos.",
            ("figure_told", True, "MEX"),
        ),
        # comparisons turned round, and no other as much
        ("en", "Mexico depends on the United States more than vice versa.", ("depends_more", True, "MEX")),
        ("en", "No country buys more from Mexico than the United States.", ("figure_told", True, "MEX")),
        ("en", "No country sells more to the United States than Mexico.", ("figure_told", True, "USA")),
        (
            "es",
            "México depende mucho menos de Estados Unidos que a la inversa.",
            ("depends_more", False, "MEX"),
        ),
        ("es", "Nadie le vende más a Estados Unidos que México.", ("figure_told", True, "USA")),
        # what became something is it; trends told as a state or of a year beside another
        (
            "en",
            "Mexico has become the leading trading partner of the US.",
            ("figure_told", True, "USA"),
        ),
        (
            "es",
            "Estados Unidos no se ha convertido en el principal mercado de México.",
            ("figure_told", False, "MEX"),
        ),
        (
            "en",
            "Less fentanyl was seized at the border in 2025 than in 2023.",
            ("fentanyl_rose", False, "MEX"),
        ),
    ],
)
def test_wordings_of_one_kind_are_read_alike(lang, said, want):
    assert want in read(said, lang)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Retaliatory tariffs may be imposed by Mexico."),
        ("en", "If tariffs are imposed by Washington, Mexico will retaliate."),
        ("en", "Mexico's retaliation would come within days."),
        ("en", "Analysts say Mexico's retaliation came in June 2018."),
        ("en", "Was Mexico's retaliation swift?"),
        ("en", "Retaliation by Mexico is unlikely."),
        ("en", "There was no Mexican retaliation against China."),
        ("en", "It was Canada that retaliated in March 2025."),
        ("en", "A 35 percent tariff was imposed by Washington on Canada."),
        ("en", "Mexico yielded to the cartels."),
        ("en", "Mexico was expected to fold."),
        ("en", "Mexico has supposedly caved."),
        ("en", "Mexico handed over the presidency of the G20."),
        ("en", "Some 80 percent of Mexico's car exports go to the United States."),
        ("en", "No country buys more avocados from Mexico than the United States."),
        ("en", "Mexico is the largest supplier of tomatoes to the United States."),
        ("en", "Mexico has become the top destination for American retirees."),
        ("en", "Mexico depends on the United States for natural gas."),
        ("en", "The number of deportations fell in 2025."),
        ("es", "Los aranceles serían impuestos por Washington."),
        ("es", "Según la prensa, las represalias mexicanas llegaron en junio de 2018."),
        ("es", "¿Fueron pospuestos los aranceles?"),
        ("es", "La entrega de premios ocurrió en febrero de 2025."),
        ("es", "México cedió ante los cárteles."),
        ("es", "México cedió ante Canadá."),
        ("es", "Es improbable que México tome represalias."),
        ("es", "Que México ceda o no es otra cuestión."),
        ("es", "México es el principal proveedor de jitomate de Estados Unidos."),
        ("es", "Cerca del 80 por ciento de las exportaciones mexicanas de aguacate va a Estados Unidos."),
        ("es", "Fue Canadá quien tomó represalias en marzo de 2025."),
    ],
)
def test_near_misses_go_to_no_test(lang, said):
    assert read(said, lang) == []


def test_a_number_within_an_act_limits_it():
    found = statements("The United States imposed a 12 percent tariff on Mexican steel.", "en", TWO)
    (one,) = [one for one in found if not one.deed]
    assert one.names == ("12",)


@pytest.mark.parametrize(
    ("lang", "words", "want"),
    [
        ("en", "seventy-seven percent of a hundred thousand", "77 percent of 100000"),
        ("es", "diez mil guardias y treinta y dos por ciento", "10000 guardias y 32 por ciento"),
        ("en", "two of three", "two of three"),
        ("es", "10 mil", "10000"),
    ],
)
def test_numbers_in_words_are_read_as_digits(lang, words, want):
    found, places = digits(tokens(words, (0, len(words))), lang)
    assert " ".join(one.word for one in found) == want
    assert places == sorted(places)
    assert places[-1] == len(found)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_form_of_a_verb_is_one_word_or_more(lang):
    for held in forms.lemmas().values():
        for verb in held[lang]:
            of = forms.english if lang == "en" else forms.spanish
            assert all(form.strip() and "/" not in form for form in of(verb)), verb
