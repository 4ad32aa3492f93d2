"""Slow results are made once, found again, and made anew when the disk has hurt them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue import results
from palanca.catalogue.folders import user_cache
from palanca.catalogue.results import Usage, clear, fingerprint, remember, usage

ARGUMENTS = {"pair": ["MEX", "USA"], "draws": 200}
CONTENT = b"a slow result"
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
JSON = st.dictionaries(st.text(max_size=5), st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), max_size=3)


def never() -> bytes:
    raise AssertionError("the result is on file")


def stored() -> list[Path]:
    return [path for path in user_cache().rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(range(256)) * 4096], ids=["short", "empty", "long"])
def test_result_is_made_once(content: bytes) -> None:
    make = Mock(return_value=content)
    assert remember("ensemble", ARGUMENTS, make) == content
    assert remember("ensemble", ARGUMENTS, never) == content
    assert make.call_count == 1


def test_every_flipped_byte_is_noticed_and_the_result_made_again() -> None:
    remember("ensemble", ARGUMENTS, lambda: CONTENT)
    [path] = stored()
    good = path.read_bytes()
    for place in range(len(good)):
        damaged = bytearray(good)
        damaged[place] ^= 0xFF
        path.write_bytes(bytes(damaged))
        assert remember("ensemble", ARGUMENTS, lambda: CONTENT) == CONTENT
        assert path.read_bytes() == good


@pytest.mark.parametrize("length", [0, 1, 31, 32, 40])
def test_result_cut_short_is_made_again(length: int) -> None:
    remember("ensemble", ARGUMENTS, lambda: CONTENT)
    [path] = stored()
    path.write_bytes(path.read_bytes()[:length])
    assert remember("ensemble", ARGUMENTS, lambda: CONTENT) == CONTENT
    assert remember("ensemble", ARGUMENTS, never) == CONTENT


def test_failure_to_make_a_result_is_not_remembered() -> None:
    with pytest.raises(ArithmeticError):
        remember("ensemble", ARGUMENTS, Mock(side_effect=ArithmeticError))
    assert stored() == []


def test_folder_that_is_a_file_only_costs_time() -> None:
    user_cache().write_bytes(b"")
    make = Mock(return_value=CONTENT)
    assert [remember("ensemble", ARGUMENTS, make) for _ in range(2)] == [CONTENT, CONTENT]
    assert make.call_count == 2


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["unwritable", "closed"])
def test_folder_that_is_barred_only_costs_time(
    mode: int,
    without_privilege: Callable[[], AbstractContextManager[None]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_cache().mkdir()
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PALANCA_CACHE", "cache")
    user_cache().chmod(mode)
    make = Mock(return_value=CONTENT)
    with without_privilege():
        assert [remember("ensemble", ARGUMENTS, make) for _ in range(2)] == [CONTENT, CONTENT]
    assert make.call_count == 2
    user_cache().chmod(0o755)
    assert stored() == []


@given(JSON, JSON)
def test_keys_differ_as_arguments_do(first: dict[str, object], second: dict[str, object]) -> None:
    same = repr(sorted(first.items())) == repr(sorted(second.items()))  # repr tells 1 from True
    assert (fingerprint("ensemble", first) == fingerprint("ensemble", second)) == same


def test_key_does_not_depend_on_the_order_of_arguments() -> None:
    assert fingerprint("k", {"a": 1, "b": [2, 3]}) == fingerprint("k", {"b": [2, 3], "a": 1})
    assert fingerprint("k", {"b": [2, 3]}) != fingerprint("k", {"b": [3, 2]})


def test_key_depends_on_kind_and_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint("ensemble", ARGUMENTS)
    assert fingerprint("power", ARGUMENTS) != before
    monkeypatch.setattr(results, "__version__", "0.0.0")
    assert fingerprint("ensemble", ARGUMENTS) != before


def test_new_code_version_makes_the_result_again(monkeypatch: pytest.MonkeyPatch) -> None:
    remember("ensemble", ARGUMENTS, lambda: b"old")
    monkeypatch.setattr(results, "__version__", "0.0.0")
    assert remember("ensemble", ARGUMENTS, lambda: CONTENT) == CONTENT


def test_usage_counts_by_kind_and_clearing_leaves_nothing() -> None:
    assert usage() == clear() == []
    for draws in (1, 2):
        remember("ensemble", draws, lambda: CONTENT)
    remember("power", 1, lambda: b"")
    held = [Usage("ensemble", 2, 2 * (32 + len(CONTENT))), Usage("power", 1, 32)]  # 32 bytes of hash each
    assert usage() == held
    assert clear() == held
    assert usage() == []
    assert stored() == []
    assert remember("ensemble", 1, lambda: b"new") == b"new"


def test_clearing_leaves_the_rest_of_the_folder() -> None:
    remember("ensemble", ARGUMENTS, lambda: CONTENT)
    (user_cache() / "charts").write_bytes(b"kept")
    clear()
    assert [path.name for path in stored()] == ["charts"]
