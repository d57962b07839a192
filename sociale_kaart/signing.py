"""Changes to the document of an entry's file that say who stands behind it: facts compared, a text signed or doubted."""

from __future__ import annotations

import datetime as dt

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.tokens import CommentToken

from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import ReviewState, Text


def hash_of(document: CommentedMap, language: str) -> str:
    """`Text.hash` of the text in `language` as it stands in the document. KeyError when there is none."""
    return Text.model_validate(document["texts"][language]).hash


def verify(document: CommentedMap, on: dt.date, by: str, against: str) -> None:
    """The facts were compared with `against` (`source` or `organisation`) on this day, by someone in this role."""
    document["verified"].update({"on": on, "by": by, "against": against})


def sign(document: CommentedMap, language: str, by: str, on: dt.date) -> None:
    """A reviewer stands behind the text as it is, and behind the Dutch text that it says again."""
    text = document["texts"][language]
    text["review"].update({"state": ReviewState.REVIEWED.value, "by": by, "on": on})
    text["review"].pop("note", None)
    if language != ORIGINAL:
        stamp(text, hash_of(document, ORIGINAL))


def doubt(document: CommentedMap, language: str, note: str) -> None:
    """A reviewer found something that is not right: nobody stands behind the text now. What a machine made stays so labelled."""
    review = document["texts"][language]["review"]
    if review["state"] != ReviewState.MACHINE.value:
        review["state"] = ReviewState.DRAFT.value
    for key in ("by", "on"):
        review.pop(key, None)
    review["note"] = note


def stamp(text: CommentedMap, source_hash: str) -> None:
    """Write from which Dutch text this one was made, right after `review`."""
    if "source_hash" in text:
        text["source_hash"] = source_hash
        return
    text.insert(list(text).index("review") + 1, "source_hash", source_hash)
    _move_comment(text, "review", "source_hash")


def stamp_all(document: CommentedMap) -> None:
    """Stamp every translation that does not say from which Dutch text it was made with the present one."""
    for code, text in document["texts"].items():
        if code != ORIGINAL and not text.get("source_hash"):
            stamp(text, hash_of(document, ORIGINAL))


def _move_comment(text: CommentedMap, before: str, after: str) -> None:
    """What stands under a line belongs to what comes next: it moves down past the new line. What stands beside it stays."""
    node = text[before]
    held = text.ca.items.get(before) or node.ca.items.get(list(node)[-1])
    token = held[2] if held else None
    if token is None:
        return
    beside, line_end, under = token.value.partition("\n")
    if under:
        text.ca.items[after] = [None, None, CommentToken(line_end + under, token.start_mark), None]
        token.value = beside + line_end
