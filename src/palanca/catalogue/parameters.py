"""Numbers of judgement: each dated, with unit and citation, never in code."""

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from palanca.errors import BadParameter

FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times as fast
DEEPEST = 100
BRACKETS, INDENT = re.compile(r"[\[{\]}]"), re.compile(r"^[-?: \t]*[-?:]", re.MULTILINE)
MERGE = "tag:yaml.org,2002:merge"
Model = TypeVar("Model", bound=BaseModel)


class Loader(FASTEST):  # type: ignore[misc]
    """The safe loader, that notes keys which stand twice and leaves a day that is none to the schema."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.twice: list[str] = []

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return a mapping, noting its keys that stand twice."""
        seen: set[str] = set()
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        for key in keys:
            if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                if key.value in seen:
                    self.twice.append(f"{key.value!r} again in line {key.start_mark.line + 1}")
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _day(loader: Any, node: Any) -> Any:
    """Return a day, or the text where it is none: that is a fault of the field, not of the file."""
    try:
        return yaml.SafeLoader.construct_yaml_timestamp(loader, node)
    except ValueError:
        return loader.construct_scalar(node)


Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def parameters(topic: str, model: type[Model]) -> Model:
    """Return `data/parameters/<topic>.yaml` as `model`.

    Raises:
        BadParameter: the file breaks the schema, for one an entry without a source.
    """
    return read(f"parameters/{topic}.yaml", model)


def mark(topic: str) -> str:
    """Return the SHA-256 of what `data/parameters/<topic>.yaml` says, whatever its layout."""
    text = (files("palanca") / "data" / f"parameters/{topic}.yaml").read_text("utf-8")
    return hashlib.sha256(json.dumps(load(text), default=str, sort_keys=True).encode()).hexdigest()


def read(path: str, model: type[Model]) -> Model:
    """Return the YAML file at `data/<path>` as `model`; every fault is in one `BadParameter`."""
    return cast(Model, _read(path, model))


@cache
def _read(path: str, model: type[BaseModel]) -> BaseModel:
    return parse(path, (files("palanca") / "data" / path).read_text("utf-8"), model)


def load(text: str) -> Any:
    """Return what YAML `text` says as plain values.

    Raises:
        YAMLError: it is not YAML, or a key stands twice.
    """
    if _depth(text) > DEEPEST:  # the fast loader would end the process
        raise yaml.YAMLError(f"it is nested more than {DEEPEST} deep")
    try:
        loader = Loader(text)
        found = loader.get_single_data()
    except (ValueError, TypeError, RecursionError) as error:  # that the library lets through
        raise yaml.YAMLError(f"a value cannot be read: {error}") from error
    if loader.twice:
        raise yaml.YAMLError(f"keys stand twice: {', '.join(loader.twice)}")
    return found


def _depth(text: str) -> int:
    """Return a bound on how deep a text can nest: brackets open at once, and what begins a line."""
    steps = (1 if mark in "[{" else -1 for mark in BRACKETS.findall(text))
    indents = (len(match[0]) for match in INDENT.finditer(text))
    return max(max(accumulate(steps), default=0), max(indents, default=0))


def parse(path: str, text: str, model: type[Model]) -> Model:
    """Return YAML `text` as `model`; `path` names it in the error."""
    try:
        return model.model_validate(load(text))
    except (ValueError, yaml.YAMLError) as error:
        faults = (
            [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
            if isinstance(error, ValidationError)
            else [str(error)]
        )
        raise BadParameter(f"data/{path} cannot be used:", faults) from error
