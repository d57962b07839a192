"""What routes ask for."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.services import Services


def services(request: Request) -> Services:
    """The services that the application was built with."""
    return cast(Services, request.app.state.services)


ServicesDep = Annotated[Services, Depends(services)]
