"""What is known about an entry, facet by facet: fields first, then the words of the kaart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.answers.moments import clock, day_name
from api.i18n.catalogue import Catalogue
from sociale_kaart.hours import Hours, closes_at, next_open
from sociale_kaart.schema import Entry, Facet, Schedule


class FactSheet:
    """The facts of one entry in one language at one moment."""

    def __init__(self, entry: Entry, language: str, catalogue: Catalogue, now: dt.datetime) -> None:
        self._entry, self._language, self._catalogue, self._now = entry, language, catalogue, now

    def known(self) -> Iterator[tuple[Facet, str]]:
        """Every facet that something is known about, in the order people ask."""
        for facet in Facet:
            value = self.value(facet)
            if value:
                yield facet, value

    def value(self, facet: Facet) -> str | None:
        """What is known about `facet` in words, or None."""
        lines = {Facet.WHERE: self._where, Facet.WHEN: self._when, Facet.CONTACT: self._contact, Facet.FOR_WHOM: self._for_whom}
        fields = list(lines[facet]()) if facet in lines else []
        words: str | None = getattr(self._entry.text(self._language).facts, facet)
        return " ".join([*fields, *([words] if words else [])]) or None

    def _where(self) -> Iterator[str]:
        for place in self._entry.locations:
            street = " ".join(filter(None, (place.postal_code, place.city)))
            if line := ", ".join(filter(None, (place.name, place.address_1, street))):
                yield f"{line}."

    def _when(self) -> Iterator[str]:
        if self._entry.open_always:
            yield self._say("answer.open_always")
            return
        hours = Hours(self._entry.schedules, self._entry.closed_on)
        for schedule in self._entry.schedules:
            yield self._block(schedule)
        end = closes_at(hours, self._now) if hours.known else None
        start = next_open(hours, self._now) if hours.known and not end else None
        if end:
            yield self._say("answer.open_now", time=clock(end))
        elif start:
            yield self._say("answer.closed_now", day=day_name(self._catalogue, self._language, start), time=clock(start))

    def _block(self, schedule: Schedule) -> str:
        days = ", ".join(self._say(f"day.{day}") for day in schedule.byday)
        return f"{days}: {schedule.opens_at:%H:%M}-{schedule.closes_at:%H:%M}."

    def _contact(self) -> Iterator[str]:
        contact = self._entry.contact
        values = [*contact.phones, contact.email, str(contact.url) if contact.url else None]
        yield from (value for value in values if value)

    def _for_whom(self) -> Iterator[str]:
        if self._entry.text(self._language).facts.for_whom:
            return
        groups = [self._say(f"status.{status}") for status in self._entry.audience.statuses]
        yield ", ".join(groups) if groups else self._say("answer.everyone")

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.text(self._language, key, **values)
