"""The published JSON schemas of HSDS 3.1, wherever this checkout has them, as validators.

They are Open Referral's (CC BY-SA 4.0) and are not part of this project: `KAART_HSDS_SCHEMAS` names a folder with
`service.json`, `organization.json` and `openapi.json` out of openreferral/specification, branch 3.1-dev.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).parents[1]
PLACES = ("tests/data/hsds", "shared/reference/hsds", "../shared/reference/hsds")
FORMATS = FormatChecker(["uuid", "email"])


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def _uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def folder() -> Path | None:
    """Where the schemas are, or None."""
    named = os.environ.get("KAART_HSDS_SCHEMAS")
    places = [Path(named)] if named else [ROOT / place for place in PLACES]
    return next((place for place in places if (place / "service.json").is_file()), None)


@cache
def schema(name: str) -> Any:
    """One of the files. Skips the test where there is none, unless `KAART_REQUIRE_HSDS` is set: then it fails."""
    found = folder()
    if found is None:
        assert not os.environ.get("KAART_REQUIRE_HSDS"), "KAART_HSDS_SCHEMAS names no folder with the schemas of HSDS"
        pytest.skip("the published schemas of HSDS are not here: set KAART_HSDS_SCHEMAS")
    return json.loads((found / f"{name}.json").read_text(encoding="utf-8"))


@cache
def validator(name: str) -> Draft202012Validator:
    """For a `service`, an `organization`, a `location` or a `page`."""
    if name == "location":
        found = schema("service")["properties"]["service_at_locations"]["items"]["properties"]["location"]
    elif name == "page":
        found = schema("openapi")["components"]["schemas"]["Page"] | {"required": ["empty"]}
    else:
        found = schema(name)
    return Draft202012Validator(found, format_checker=FORMATS)


def problems(name: str, value: object) -> list[str]:
    """What the schema finds wrong, each with its place."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(value)]
