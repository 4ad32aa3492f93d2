"""Both layouts of roll calls are read, and Voeten's file is fetched from a server on this machine."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from palanca.catalogue import build
from palanca.catalogue.renew import renew
from palanca.catalogue.snapshot import table
from palanca.catalogue.sources import sources
from palanca.errors import BadTable
from palanca.posture import rollcalls
from palanca.posture.derive import derivations
from palanca.posture.rollcalls import ABSENT, repeats, subject

HEAD = (
    '"","rcid","ccode","member","vote","Country","Countryname","year","session","abstain","yes","no",'
    '"importantvote","date","unres","amend","para","short","descr","me","nu","di","hr","co","ec","ident","resid"'
)
STATES = (("USA", 2), ("GBR", 200), ("FRA", 220), ("MEX", 70), ("RUS", 365), ("IND", 750))


def voeten_file(rows):
    """Return a file in Voeten's layout: one row per vote and state."""
    lines, number = [HEAD], 0
    for rcid, (date, descr, cast, amend, issue) in enumerate(rows, 3):
        for (code, cow), vote in zip(STATES, cast, strict=True):
            number += 1
            flags = ",".join("1" if issue == name else "0" for name in rollcalls.ISSUES)
            lines.append(
                f'"{number}",{rcid},{cow},1,{vote},"{code}","{code}",{date[:4]},75,0,0,0,NA,{date},'
                f'"R/75/{rcid}",{amend},0,"","{descr}",{flags},0,{rcid}'
            )
    return ("\n".join(lines) + "\n").encode()


def longer():
    """Return ten years of them, and in each a rebuke of India that only the West votes for."""
    years = range(2010, 2020)
    return [
        *many(years),
        *((f"{year}-11-20", "situation in India", (1, 1, 1, 2, 2, 3), 0, "hr") for year in years),
    ]


def many(years=(2017, 2018, 2019)):
    """Return years of votes on six questions, with words that tell their issues."""
    words = (
        "palestine refugees",
        "nuclear test",
        "arms transfers",
        "human food",
        "colonial islands",
        "economic trade",
    )
    patterns = (
        (3, 1, 1, 1, 1, 1),
        (3, 3, 3, 1, 2, 1),
        (3, 2, 2, 1, 1, 1),
        (3, 3, 2, 1, 8, 1),
        (1, 3, 1, 1, 3, 2),
        (3, 1, 2, 9, 1, 1),
    )
    return [
        (f"{year}-11-0{at + 1}", f"{words[at]}", patterns[(at + year) % 6], 0, rollcalls.ISSUES[at])
        for year in years
        for at in range(6)
    ]


@pytest.fixture
def voeten(tmp_path):
    path = tmp_path / rollcalls.VOETEN
    path.parent.mkdir(parents=True)
    path.write_bytes(voeten_file([*many(), ("2019-12-01", "an amendment", (1,) * 6, 1, "me")]))
    return path


def test_voeten_votes_are_read(voeten, tmp_path):
    calls = rollcalls.read(tmp_path)
    assert calls.states == ("FRA", "GBR", "IND", "MEX", "RUS", "USA")
    assert calls.votes.shape == (18, 6)  # the amendment is left out
    assert calls.dates[0] == "2017-11-01"
    first = dict(zip(calls.states, calls.votes[0].tolist(), strict=True))
    pattern = dict(zip([code for code, _ in STATES], many()[0][2], strict=True))
    meaning = {1: 2, 2: 1, 3: 0, 8: ABSENT, 9: ABSENT}
    assert first == {code: meaning[vote] for code, vote in pattern.items()}
    assert calls.issues[0].tolist() == [1, 0, 0, 0, 0, 0]


def test_a_file_of_another_layout_is_refused(tmp_path):
    path = tmp_path / rollcalls.VOETEN
    path.parent.mkdir(parents=True)
    path.write_text("rcid,vote\n3,1\n")
    with pytest.raises(BadTable, match="not in Voeten's layout") as raised:
        rollcalls.read(tmp_path)
    assert "Country" in raised.value.faults
    with pytest.raises(BadTable, match="no roll calls"):
        rollcalls.read(tmp_path / "nowhere")


class Answer(BaseHTTPRequestHandler):
    """Send the one file there is."""

    def do_GET(self):
        body = self.server.body
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # noqa: A002 (the base class names it)
        """Say nothing."""


def test_votes_are_fetched_and_their_statistics_take_precedence(user_folder, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.body = voeten_file(longer())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        [file] = sources()["unga"].files
        there = file.model_copy(update={"url": f"http://127.0.0.1:{server.server_address[1]}/UNVotes.csv"})
        patched = {**sources(), "unga": sources()["unga"].model_copy(update={"files": (there,)})}
        monkeypatch.setattr(build, "sources", lambda: patched)
        built = renew(["unga"], derivations=derivations())
        server.shutdown()
        thread.join()
    assert {one.table for one in built} == set(sources()["unga"].tables)
    years = table("vote_years").frame
    assert years["year"].to_list() == list(range(2010, 2020))
    assert years["resolutions"].to_list() == [7] * 10
    points = table("ideal_points").frame
    assert set(points["country"]) == {"FRA", "GBR", "IND", "MEX", "RUS", "USA"}
    assert table("vote_agreement").origin.local
    assert set(table("vote_issues_past").frame["year"]) == {2010, 2011}
    assert set(table("vote_adversaries").frame["adversary"]) == {"IND"}


def test_subject_drops_what_changes_from_year_to_year():
    one = "Question of Palau [1986] : resolution / adopted by the General Assembly"
    assert subject(one) == subject("Question of Palau, 41st session : resolution / adopted").replace(
        " st", ""
    )


def test_a_subject_put_twice_in_a_year_is_no_repetition():
    calls = rollcalls.RollCalls(
        ("A",),
        np.full((6, 1), 2, np.int8),
        ("2001-01-01", "2002-01-01", "2002-02-01", "2003-01-01", "2004-01-01", "2009-01-01"),
        tuple("abcdef"),
        ("x", "x", "x", "y", "y", "y"),
        np.zeros((6, 6), np.int8),
    )
    number = repeats(calls, longest_gap=3).tolist()
    assert len(set(number[:3])) == 3  # put twice in 2002
    assert number[3] == number[4] != number[5]  # the gap of five years
    assert len(set(repeats(calls, longest_gap=5).tolist()[3:])) == 1
