"""Numbers of judgement: each dated, with unit and citation, never in code."""

from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from palanca.errors import BadParameter

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times as fast
Model = TypeVar("Model", bound=BaseModel)


def parameters(topic: str, model: type[Model]) -> Model:
    """Return `data/parameters/<topic>.yaml` as `model`.

    Raises:
        BadParameter: the file breaks the schema, for one an entry without a source.
    """
    return read(f"parameters/{topic}.yaml", model)


def read(path: str, model: type[Model]) -> Model:
    """Return the YAML file at `data/<path>` as `model`; every fault is in one `BadParameter`."""
    return cast(Model, _read(path, model))


@cache
def _read(path: str, model: type[BaseModel]) -> BaseModel:
    return parse(path, (files("palanca") / "data" / path).read_text("utf-8"), model)


def load(text: str) -> Any:
    """Return what YAML `text` says as plain values."""
    return yaml.load(text, Loader=LOADER)


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
