"""One page of a list, in the envelope that HSDS 3.1 gives it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")


class Page(BaseModel):
    """What a list answers with."""

    total_items: int = Field(description="How many items there are on all pages.")
    total_pages: int = Field(description="How many pages there are; 0 when nothing was found.")
    page_number: int = Field(description="Number of this page; the first is 1.")
    size: int = Field(description="How many items this page holds.")
    first_page: bool
    last_page: bool
    empty: bool = Field(description="Whether this page holds nothing.")
    contents: list[dict[str, Any]]


def page_of(items: Sequence[Item], number: int, size: int, show: Callable[[Item], dict[str, Any]]) -> Page:
    """Page `number` (from 1) of at most `size` items, each as `show` makes it; empty behind the last page."""
    chosen = items[(number - 1) * size : number * size]
    pages = -(-len(items) // size)
    return Page(
        total_items=len(items),
        total_pages=pages,
        page_number=number,
        size=len(chosen),
        first_page=number == 1,
        last_page=number >= pages,
        empty=not chosen,
        contents=[show(item) for item in chosen],
    )
