"""What is not known never becomes a number."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from palanca.catalogue.unknown import Unknown, unknown

MISSING = unknown("no row for 2023", "sin fila para 2023")
NUMBER_TYPES = "bcdeEfFgGnoxX%"
NUMBERS = st.tuples(
    st.sampled_from(["", "<", "=", "0>", "*^"]), st.sampled_from(["", "+", "-", " "]),
    st.sampled_from(["", "#"]), st.sampled_from(["", "0", "12", "08"]), st.sampled_from(["", ",", "_"]),
    st.sampled_from(["", ".0", ".2"]), st.sampled_from(NUMBER_TYPES),
).map("".join)  # fmt: skip
WORDS = st.tuples(
    st.sampled_from(["", "<", ">", "^", "0<", "7>", "*^"]),
    st.sampled_from(["", "0", "1", "9", "012", "20"]),
    st.sampled_from(["", "s"]),
).map("".join)


@given(NUMBERS)
def test_formats_of_numbers_are_refused(spec: str) -> None:
    with pytest.raises(TypeError, match="an unknown value has no number to format"):
        format(MISSING, spec)


@given(WORDS)
def test_no_format_prints_a_digit(spec: str) -> None:
    try:
        text = format(MISSING, spec)
    except (TypeError, ValueError):
        return
    assert text.strip() == "unknown"


@given(st.text(max_size=12))
def test_any_other_format_is_refused_or_prints_the_word(spec: str) -> None:
    try:
        assert format(MISSING, spec).strip() == "unknown"
    except (TypeError, ValueError):
        assert spec.strip(" s")


def test_it_prints_as_a_word() -> None:
    assert str(MISSING) == f"{MISSING}" == f"{MISSING!s:s}" == "unknown"
    assert f"{MISSING:>9}" == "  unknown"


BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.lt, operator.le, operator.gt, operator.ge, divmod,
]  # fmt: skip
UNARY: list[Callable[[Any], object]] = [
    bool, operator.not_, float, int, complex, operator.index, operator.neg, operator.pos, abs, round,
    math.floor, math.sqrt, lambda value: sum([value]), lambda value: math.fsum([value]),
    lambda value: np.asarray([value], dtype=float), lambda value: value or 0,
]  # fmt: skip


@pytest.mark.parametrize("other", [0, 1.5, np.float64(2), np.ones(2), "3", MISSING], ids=repr)
@pytest.mark.parametrize("compute", BINARY)
def test_it_takes_part_in_no_arithmetic_and_no_order(compute: Callable[..., object], other: object) -> None:
    for values in [(MISSING, other), (other, MISSING)]:
        with pytest.raises(TypeError):
            compute(*values)


@pytest.mark.parametrize("compute", UNARY)
def test_it_is_neither_a_number_nor_a_truth(compute: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        compute(MISSING)


def test_it_is_not_written_where_an_old_format_wants_a_number() -> None:
    with pytest.raises(TypeError):
        "%d" % MISSING  # noqa: UP031 (the old way is what is tried)


def test_it_equals_no_number() -> None:
    assert MISSING not in (0, 0.0, "", None, False)
    assert unknown("no row for 2023", "sin fila para 2023") == MISSING


@pytest.mark.parametrize(("en", "es"), [("", "nada"), ("nothing", " "), ("", "")])
def test_a_reason_is_required_in_both_languages(en: str, es: str) -> None:
    with pytest.raises(ValidationError):
        unknown(en, es)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        MISSING.reason = Unknown  # type: ignore[assignment, misc]
