"""What a worker wants to see of the queue, from the address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from api.desk.views import Wanted


def wanted(
    language: Annotated[str, Query(alias="taal", max_length=10, description="Code of a language, or `onbekend`.")] = "",
    theme: Annotated[str, Query(alias="thema", max_length=20, description="A theme, or `onbekend`.")] = "",
) -> Wanted:
    """Empty: everything."""
    return Wanted(language, theme)


WantedDep = Annotated[Wanted, Depends(wanted)]
