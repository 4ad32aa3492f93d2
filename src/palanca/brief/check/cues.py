"""Letters that a text must hold for a pattern to match: a cheap sieve before the pattern is run."""

import re

LITERAL = re.compile(r"[a-z]+")
OPTIONAL = set("?*{")
OPENING = re.compile(r"\(\?(:|P<\w+>|<?[=!])")


def cues(pattern: str) -> tuple[str, ...]:
    """Return letters, some of which every match holds; none where that cannot be told."""
    if len(_alternatives(pattern)) > 1:
        return ()
    opening = OPENING.match(pattern)
    if opening is None:
        start = _literal(pattern)
        return (start,) if start else ()
    end = _closing(pattern)
    rest = pattern[end + 1 :]
    if opening[1].startswith(("=", "!", "<")) or rest[:1] in OPTIONAL:
        return cues(rest.lstrip("?*+").removeprefix(" ")) if not rest.startswith("{") else ()
    found = [cues(one) for one in _alternatives(pattern[opening.end() : end])]
    return tuple(one for held in found for one in held) if all(found) else ()


def _literal(pattern: str) -> str:
    match = LITERAL.match(pattern)
    if match is None or len(_alternatives(pattern)) > 1:
        return ""
    run = match[0]
    return run[:-1] if match.end() < len(pattern) and pattern[match.end()] in OPTIONAL else run


def _closing(pattern: str) -> int:
    depth = 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    return len(pattern)


def _alternatives(group: str) -> list[str]:
    """Return the parts of a group between the bars that are not within another group."""
    found, depth = [""], 0
    for char in group:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append("")
        else:
            found[-1] += char
    return found
