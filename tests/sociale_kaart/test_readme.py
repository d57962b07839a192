"""The README of the kaart: its tables follow the schema, and its example is an entry."""

from __future__ import annotations

import re

import pytest
import yaml

from sociale_kaart.__main__ import PARTS, README, with_tables
from sociale_kaart.schema import Entry
from sociale_kaart.yaml12 import Yaml12Loader


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_tables_follow_the_schema(readme):
    assert with_tables(readme) == readme, "run `python -m sociale_kaart`"


def test_every_field_is_described():
    for part in PARTS:
        assert all(field.description for field in part.model_fields.values()), part


def test_readme_without_marks_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        with_tables("# Nothing")


def test_example_is_an_entry(readme):
    [example] = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    assert Entry.model_validate(yaml.load(example, Loader=Yaml12Loader)).id == "taalcafe"
