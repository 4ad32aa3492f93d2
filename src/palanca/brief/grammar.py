"""Vega-Lite specifications by the names that Altair gives their parts, without its half second of loading.

A part is a dictionary of what Vega-Lite's reference says of it; tests let Altair check what is written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

RELEASE = "6.4"  # of Vega-Lite, as the engine that draws names it
SCHEMA = f"https://vega.github.io/schema/vega-lite/v{RELEASE}.1.json"
TYPES = {"Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
FIELD = re.compile(r"(?:(?P<timeUnit>\w+)\((?P<of>\w+)\)|(?P<field>\w+)):(?P<type>[QNOT])")

Part = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
Axis = dict[str, Any]
Legend = dict[str, Any]
Scale = dict[str, Any]


class Channel(dict[str, Any]):
    """Which column sets a property of a mark: `name:Q`, or `yearmonth(name):T`, and how."""

    def __init__(self, column: str, **more: Any) -> None:
        found = FIELD.fullmatch(column)
        if found is None:
            raise ValueError(f"{column} is no column with a type. Write name:Q, name:N, name:O or name:T.")
        unit = {"timeUnit": found["timeUnit"]} if found["timeUnit"] else {}
        name = found["of"] or found["field"]
        super().__init__(**unit, field=name, type=TYPES[found["type"]], **more)


class Edge(Channel):
    """The column of the other end of a mark, whose type is that of the first."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        del self["type"]


X: TypeAlias = Channel
Y: TypeAlias = Channel
YOffset: TypeAlias = Channel
Color: TypeAlias = Channel
Shape: TypeAlias = Channel
Detail: TypeAlias = Channel
Text: TypeAlias = Channel
Tooltip: TypeAlias = Channel
X2: TypeAlias = Edge
Y2: TypeAlias = Edge


def value(of: object) -> Part:
    """Return a channel of one value, in units of the picture."""
    return {"value": of}


def datum(of: object) -> Part:
    """Return a channel of one value, in units of the data."""
    return {"datum": of}


@dataclass(frozen=True)
class Chart:
    """One kind of mark over rows; each step returns a new chart."""

    rows: Rows
    drawn: Part = field(default_factory=dict)
    channels: Part = field(default_factory=dict)
    steps: tuple[Part, ...] = ()
    height: int = 0

    def mark(self, kind: str, **looks: Any) -> "Chart":
        """Draw marks of a kind: bar, line, rule, point and the others of Vega-Lite."""
        return replace(self, drawn={"type": kind, **looks})

    def encode(self, **channels: Any) -> "Chart":
        """Let columns set what marks look like."""
        read = {name: Channel(one) if isinstance(one, str) else one for name, one in channels.items()}
        return replace(self, channels={**self.channels, **read})

    def where(self, test: str) -> "Chart":
        """Keep the rows for which an expression of Vega holds."""
        return replace(self, steps=(*self.steps, {"filter": test}))

    def calculate(self, **columns: str) -> "Chart":
        """Add columns that expressions of Vega make."""
        made = ({"calculate": how, "as": name} for name, how in columns.items())
        return replace(self, steps=(*self.steps, *made))

    def high(self, height: int) -> "Chart":
        """Set the height, in pixels."""
        return replace(self, height=height)

    def spec(self) -> Part:
        """Return the specification."""
        return Layers([self], self.height).spec()


@dataclass(frozen=True)
class Layers:
    """Charts one upon another; rows that all of them share stand once, above them."""

    layer: Sequence[Chart]
    height: int

    def spec(self) -> Part:
        """Return the specification; of one layer, that of its chart."""
        sets = list({id(one.rows): one.rows for one in self.layer}.values())
        places = {id(rows): {"name": f"rows-{at}"} for at, rows in enumerate(sets)}
        layers = [
            {
                **({"data": places[id(one.rows)]} if len(sets) > 1 else {}),
                "mark": one.drawn,
                "encoding": one.channels,
                **({"transform": list(one.steps)} if one.steps else {}),
            }
            for one in self.layer
        ]
        return {
            "$schema": SCHEMA,
            **({"data": places[id(sets[0])]} if len(sets) == 1 else {}),
            **(layers[0] if len(layers) == 1 else {"layer": layers}),
            **({"height": self.height} if self.height else {}),
            "datasets": {place["name"]: rows for place, rows in zip(places.values(), sets, strict=True)},
        }
