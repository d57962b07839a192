"""Out as open data and in again: everything that both formats can hold is still there."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.opendata import hsds
from sociale_kaart.checks import AMOUNT
from sociale_kaart.importing.folder import NewKaart, import_file
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.municipality import DeskHours, Municipality, Source
from sociale_kaart.schema import (
    Audience,
    Contact,
    Entry,
    Facts,
    Kind,
    Location,
    ResidenceStatus,
    Review,
    Schedule,
    SourceRef,
    State,
    Text,
    Theme,
    Verified,
    Weekday,
)
from sociale_kaart.table import to_csv

TODAY = dt.date(2026, 11, 22)
NOT_CARRIED = {"rule", "owner", "sources", "verified"}
"""A decision table, who keeps it, and where it came from: the file itself is the source of a new kaart."""
TOWN = Municipality(
    id="dorp",
    name="Dorp",
    languages=("nl",),
    minimum_questions=0,
    desk=DeskHours(name={"nl": "het loket"}),
    sources={"BOEK": Source(title="Een boek", date="2024")},
)

ALPHABET = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="<>&\ufeff\ufffe\uffff"
) | st.sampled_from("=+-@;,'\"#:!?*[]{}|%`~")
line = (
    st.text(ALPHABET, min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and not AMOUNT.search(text))
)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
days = st.dates(dt.date(2020, 1, 1), TODAY)
maybe_line = st.none() | line
lists = {"unique": True, "max_size": 3}


@st.composite
def blocks(draw: st.DrawFn) -> Schedule:
    opens, closes = sorted(draw(st.tuples(*[st.integers(0, 24 * 60 - 2)] * 2).filter(lambda two: two[0] != two[1])))
    period = sorted(draw(st.tuples(days, days)))
    return Schedule(
        byday=tuple(draw(st.lists(st.sampled_from(Weekday), min_size=1, unique=True))),
        opens_at=dt.time(*divmod(opens, 60)),
        closes_at=dt.time(*divmod(closes, 60)),
        valid_from=draw(st.sampled_from([None, period[0]])),
        valid_to=draw(st.sampled_from([None, period[1]])),
    )


places = st.builds(
    Location,
    name=maybe_line,
    address_1=maybe_line,
    postal_code=st.sampled_from([None, "6511 AB", "1000AA"]),
    city=maybe_line,
    district=maybe_line,
).filter(lambda place: any(place.model_dump().values()))
texts = st.builds(
    Text,
    name=line,
    summary=line,
    answer=st.lists(line, min_size=1, max_size=3).map(tuple),
    steps=st.lists(line, max_size=7).map(tuple),
    facts=st.builds(Facts, **dict.fromkeys(Facts.model_fields, maybe_line)),
    for_status=st.dictionaries(st.sampled_from(ResidenceStatus), line, max_size=2),
    questions=st.just(()),
    review=st.just(Review(state="draft")),
)
contacts = st.builds(
    Contact,
    phones=st.lists(st.sampled_from(["112", "+31 24 123 45 67", "0800-2000"]), **lists).map(tuple),
    email=st.sampled_from([None, "info@example.org", "=a+b@example.org"]),
    url=st.sampled_from([None, "https://example.org/a?b=c;d", "http://example.org/"]),
)
ages = st.none() | st.integers(0, 120)
audiences = st.builds(
    Audience,
    statuses=st.lists(st.sampled_from(ResidenceStatus), **lists).map(tuple),
    women_only=st.booleans(),
    minimum_age=ages,
    maximum_age=ages,
)


def entries(id: str) -> st.SearchStrategy[Entry]:
    return st.builds(
        Entry,
        id=st.just(id),
        kind=st.sampled_from([kind for kind in Kind if kind is not Kind.EMERGENCY]),
        organization=maybe_line,
        themes=st.lists(st.sampled_from(Theme), min_size=1, **lists).map(tuple),
        audience=audiences,
        state=st.sampled_from([state for state in State if state is not State.ENDED]),
        contact=contacts,
        locations=st.lists(places, max_size=3).map(tuple),
        schedules=st.lists(blocks(), unique_by=str, max_size=3).map(tuple),
        closed_on=st.lists(days, **lists).map(tuple),
        open_always=st.booleans(),
        free=st.none() | st.booleans(),
        languages=st.lists(st.sampled_from(["nl", "ti", "ar", "tir"]), **lists).map(tuple),
        rule=st.none(),
        owner=st.none(),
        sources=st.just((SourceRef(document="BOEK"),)),
        verified=st.builds(Verified, on=days, by=st.just("redactie"), against=st.just("source")),
        review_interval_days=st.integers(1, 1095),
        related=st.just(()),
        instead=st.just(()),
        texts=st.fixed_dictionaries({"nl": texts}),
    )


@st.composite
def kaarten(draw: st.DrawFn) -> Kaart:
    ids = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    found = [draw(entries(id)) for id in ids]
    last = found[-1].model_copy(update={"related": tuple(ids[:-1])})
    if len(ids) > 1 and draw(st.booleans()):
        last = last.model_copy(update={"state": State.ENDED, "instead": (ids[0],)})
    return Kaart(TOWN, (*found[:-1], last))


def carried(kaart: Kaart) -> dict[str, Any]:
    return {entry.id: entry.model_dump(exclude=NOT_CARRIED) | {"checked": entry.verified.on} for entry in kaart}


def taken_in(content: str) -> tuple[Kaart, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        report = import_file(content.encode(), NewKaart("kopie", "Kopie", "Dorp", None), Path(folder), TODAY)
        return load_kaart(Path(folder) / "kopie"), [loss.field for loss in report.losses]


def as_hsds(kaart: Kaart) -> str:
    return json.dumps([hsds.service(kaart, entry, "nl", full=True) for entry in kaart])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(kaarten())
def test_hsds_keeps_everything_but_the_source(kaart: Kaart) -> None:
    again, lost = taken_in(as_hsds(kaart))
    assert carried(again) == carried(kaart)
    ours = {
        "x_sources",
        "organization.description",
        "organization.website",
        "organization.email",
        "languages.name",
        "phones.type",
    }
    assert set(lost) <= ours


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(kaarten())
def test_csv_keeps_everything_but_the_source(kaart: Kaart) -> None:
    again, lost = taken_in(to_csv(kaart, bom=True))
    assert carried(again) == carried(kaart)
    assert set(lost) <= {"sources"}


def test_the_real_kaart_comes_back(kaart: Kaart) -> None:
    """With its example questions; decision tables and other languages stay behind."""
    wanted = {entry.id: entry.model_dump(exclude=NOT_CARRIED | {"texts"}) for entry in kaart}
    for content in (as_hsds(kaart), to_csv(kaart)):
        again, _ = taken_in(content)
        assert {entry.id: entry.model_dump(exclude=NOT_CARRIED | {"texts"}) for entry in again} == wanted
        for entry in again:
            assert set(entry.texts) == {"nl"}
            text = kaart.entry(entry.id).texts["nl"]
            assert entry.texts["nl"].model_dump(exclude={"review"}) == text.model_dump(exclude={"review"})
