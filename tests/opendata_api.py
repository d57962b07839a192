"""Asks the open data the way a program does."""

from __future__ import annotations

from typing import Any

import httpx


class Api:
    """Requests that must have the status code that is named."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, expect: int = 200, **query: object) -> httpx.Response:
        answer = await self._client.get(path, params={key: str(value) for key, value in query.items()})
        assert answer.status_code == expect, answer.text[:300]
        return answer

    async def json(self, path: str, expect: int = 200, **query: object) -> Any:
        return (await self.get(path, expect, **query)).json()

    async def names(self, path: str = "/hsds/services", **query: object) -> set[str]:
        """The kaart's own ids of the services that a filter leaves."""
        return {one["x_entry"] for one in (await self.json(path, per_page=500, **query))["contents"]}
