"""What a user meets first: the names, the commands and their help."""

import json
import subprocess
import sys

import pytest
from typer.main import get_command

import palanca
from palanca.cli import app

NAMES = [
    *("Brief", "Claim", "Country", "Economy", "Exposure", "PalancaError", "Table"),
    *("Unknown", "brief", "country", "economy", "equilibrium", "exposure", "measure", "simulate", "table"),
]


def test_public_names():
    assert palanca.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented(name):
    assert getattr(palanca, name).__doc__


def test_functions_keep_their_names_after_submodules_are_imported():
    code = (
        "import palanca.brief.claims, palanca.exposure.customs, palanca as pal;"
        "assert pal.exposure('MEX', 'USA')['export_rank'].value == 1.0;"
        "import palanca.economy.accounts;"
        "assert callable(pal.brief) and callable(pal.economy)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        palanca.nothing  # noqa: B018


def test_importing_does_nothing_else():
    slow = ("polars", "altair", "pydantic", "httpx", "xarray")
    code = f"import sys, palanca; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_brief_loads_nothing_that_it_does_not_need():
    slow = ("altair", "pandas", "xarray", "scipy", "numba", "httpx", "vl_convert")
    code = f"import sys, palanca.brief.render; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_draws_starts_before_the_rest_is_loaded():
    slow = ("polars", "pydantic", "yaml")
    code = f"import sys, palanca.brief.drawing; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def commands(command, path=()):
    """Yield every command with its path."""
    for name, child in getattr(command, "commands", {}).items():
        yield (*path, name), child
        yield from commands(child, (*path, name))


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_is_explained(path):
    command = COMMANDS[path]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{path}: {parameter.name}"


@pytest.mark.parametrize(
    "path", [path for path, c in COMMANDS.items() if not hasattr(c, "commands")], ids=" ".join
)
def test_every_command_speaks_json(path):
    assert "--json" in {opt for parameter in COMMANDS[path].params for opt in parameter.opts}


def test_docs_name_every_command_and_table(request):
    reference = (request.config.rootpath / "docs" / "reference.md").read_text()
    from palanca.catalogue.sources import tables

    missing = [name for name in (*map(" ".join, COMMANDS), *tables()) if f"`{name}`" not in reference]
    assert not missing, json.dumps(missing)
