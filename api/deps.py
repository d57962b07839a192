"""What routes ask for."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.services import Services
from api.visitor import check_same_site


def services(request: Request) -> Services:
    """The services that the application was built with."""
    return cast(Services, request.app.state.services)


ServicesDep = Annotated[Services, Depends(services)]


def same_site(request: Request, services: ServicesDep) -> None:
    """Refuses forms of other sites."""
    check_same_site(request, services)


OUR_FORM = [Depends(same_site)]
"""For the `dependencies` of a route that takes a form without a login."""
