"""Where sentences stand: which begin a paragraph, which are items of a list, which are for those who ask."""

from collections.abc import Iterator, Sequence

from palanca.brief.claims import Claim

STARTERS = frozenset(
    {
        *("export-share", "import-share", "over-gdp", "trade-gdp", "asymmetry", "distance", "imports-year"),
        *("duty-collected", "duty-statutory", "statutory-latest", "statutory-scheduled", "duty-why"),
        *("power-losses", "power-supply", "power-sectors", "hidden-demand", "hidden-purchases"),
        *("duty-why-preference", "sector", "tariff-actions", "front-trend", "front-trend-country"),
        *("diversify-frontier", "diversify-purchases", "diversify-sales"),
        *("threats-told", "concessions-told", "pressure-level", "pressure-quiet"),
        *("episode-first", "peers-month", "peers-source", "peers-twin"),
        *("posture-points", "posture-gap", "posture-leaning", "posture-presence", "alternatives-firm"),
        *("answers-links", "answers-timing", "bought-eased", "changed-measure"),
        "changed-beside",
    }
)
LISTED = frozenset(
    {
        *("sector", "diversify-purchases", "diversify-sales", "episode-first"),
        *("front-trend", "changed-measure", "changed-beside", "bought-eased"),
    }
)
DETAIL = frozenset(
    {
        *("barbieri", "distance", "export-share-sources", "import-share-sources", "remittances", "gas"),
        *("trade-gdp", "duty-paid", "tariff-actions", "front-peak", "front-at-peak"),
        *("threats-wait", "concessions-wait", "answers-delay"),
    }
)


def key(claim: Claim) -> str:
    """Return the template a claim was made from."""
    return claim.id.split(":")[0]


def paragraphs(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Yield the claims in paragraphs: a new one begins where a new topic does."""
    group: list[Claim] = []
    for claim in claims:
        if group and key(claim) in STARTERS | DETAIL:
            yield group
            group = []
        group.append(claim)
    if group:
        yield group
