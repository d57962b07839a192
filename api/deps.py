"""What routes ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request

from api.services import Services
from api.visitor import check_same_site

Made = TypeVar("Made")


async def services(request: Request) -> Services:
    """The services that the application was built with."""
    return cast(Services, request.app.state.services)


ServicesDep = Annotated[Services, Depends(services)]


def made_once(request: Request, name: str, build: Callable[[Services], Made]) -> Made:
    """The application's own `name`, made of its services when somebody first asks for it.

    Called on the event loop only: two threads could make it twice.
    """
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, build(state.services))
    return cast(Made, getattr(state, name))


async def same_site(request: Request, services: ServicesDep) -> None:
    """Refuses forms of other sites."""
    check_same_site(request, services)


OUR_FORM = [Depends(same_site)]
"""For the `dependencies` of a route that takes a form without a login."""
