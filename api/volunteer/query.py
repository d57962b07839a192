"""What a volunteer asks for, checked at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowledge.languages import LANGUAGES
from sociale_kaart.schema import ResidenceStatus, Theme


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError("must be the code of a language that we know")
    return code


KnownLanguage = Annotated[str, StringConstraints(max_length=3), AfterValidator(_known)]


class SearchQuery(BaseModel):
    """The box and the filters. An empty one filters nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Annotated[str, StringConstraints(strip_whitespace=True)] = Field("", description="A word, or the newcomer's own sentence.")
    theme: Theme | None = Field(None, description="Life area.")
    status: ResidenceStatus | None = Field(None, description="Residence status that it must be for.")
    age: int | None = Field(None, ge=0, le=120, description="Age in years that it must be for.")
    women: Literal["yes"] | None = Field(None, description="Only what is for women, or has something apart for them.")
    language: KnownLanguage | None = Field(None, description="Language that they must speak there.")
    cost: Literal["free"] | None = Field(None, description="Only what costs nothing.")
    open: Literal["now"] | None = Field(None, description="Only what is open at this moment.")
    district: Annotated[str, StringConstraints(max_length=80)] | None = Field(None, description="Part of the town.")

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name, as they stand in an address; never the words."""
        return {name: str(value) for name, value in self.model_dump(exclude={"q"}, exclude_none=True).items()}

    def link(self, **changed: str) -> str:
        """The filters as a query string with some changed."""
        return urlencode(self.filters | changed)


@dataclass(frozen=True)
class Asked:
    """A query, and the names of fields whose value could not be used: these filter nothing."""

    query: SearchQuery
    wrong: tuple[str, ...] = ()
    too_long: bool = False


def read_query(values: Mapping[str, object], longest: int) -> Asked:
    """The query in the values of a form or an address; `longest` is the most characters of the words."""
    sent = {name: text for name in SearchQuery.model_fields if isinstance(text := values.get(name), str) and text.strip()}
    too_long = len(sent.get("q", "")) > longest
    if too_long:
        sent["q"] = sent["q"][:longest]
    wrong: tuple[str, ...] = ()
    try:
        query = SearchQuery.model_validate(sent)
    except ValidationError as error:
        wrong = tuple(dict.fromkeys(str(problem["loc"][0]) for problem in error.errors()))
        query = SearchQuery.model_validate({name: value for name, value in sent.items() if name not in wrong})
    return Asked(query, wrong, too_long)
