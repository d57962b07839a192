"""Nijmegen and Vught, served as open data."""

from __future__ import annotations

import httpx
import pytest
from app_house import app_with
from fastapi import FastAPI
from opendata_api import Api
from two_towns import services as services

from api.channels import web
from api.opendata.router import router
from api.services import Services


@pytest.fixture
def app(services: Services) -> FastAPI:
    app = app_with(web.router, router)
    app.state.services = services
    return app


@pytest.fixture
def api(client: httpx.AsyncClient) -> Api:
    client.headers["accept"] = "*/*"
    return Api(client)
