"""YAML with the scalars of version 1.2, as whoever edits the files expects.

`on`, `off`, `yes`, `no`, `<<` and `=` are words; dates are text for the schema to judge, and so is `10:30`, which YAML 1.1 reads
as 630.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
import yaml.composer
import yaml.scanner

DEEPEST = 40
"""Lists and mappings that may stand in one another; the kaart needs eight."""
_NOT_READ = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f"
UNSEEN = re.compile(rf"[{_NOT_READ}\r]")
"""Characters that no value may hold: nobody sees them, or they turn text around."""


class Yaml12Loader(yaml.SafeLoader):
    """SafeLoader in which only `true` and `false` are booleans and only plain numbers of at most 18 digits are numbers.

    Refused is what saves a volunteer nothing and can hide or break something: aliases (`*name`), which let a few lines grow
    without bound; anchors (`&name`) and tags (`!name`), which swallow the first word of a text; nesting without end; and
    characters that nobody sees or that turn text around. Whatever is refused is a yaml.YAMLError.
    """

    NON_PRINTABLE = re.compile(rf"[{_NOT_READ}]")  # type: ignore[misc]  # the stubs call it final
    _depth = 0

    def get_single_node(self) -> yaml.Node | None:
        try:
            return super().get_single_node()
        except (ValueError, OverflowError) as error:  # numbers in `%YAML 1.1` and "\U0001F600" that Python cannot hold
            raise yaml.scanner.ScannerError(None, None, "a number is too large", self.get_mark()) from error

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it bare
        if why := self._refusal(event):
            raise yaml.composer.ComposerError(None, None, why, event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _refusal(self, event: yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent) -> str | None:
        if isinstance(event, yaml.AliasEvent):
            return "an alias (*name) is not read here"
        if event.anchor is not None:
            return "an anchor (&name) is not read here: put quotes around a text that begins with &"
        if event.tag is not None:
            return "a tag (!name) is not read here: put quotes around a text that begins with !"
        if self._depth >= DEEPEST:
            return f"more than {DEEPEST} lists or mappings stand in one another"
        if isinstance(event, yaml.ScalarEvent) and (unseen := UNSEEN.search(event.value)):
            return f"the character U+{ord(unseen[0]):04X} is not read here"
        return None


_OTHER_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "timestamp", "merge", "value")}
Yaml12Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHER_SCALARS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", "-0123456789"),
    ("float", r"^-?[0-9]{1,17}\.[0-9]{1,17}$", "-0123456789"),
):
    Yaml12Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))


def read_yaml(path: Path) -> Any:
    """The plain data of one UTF-8 file. yaml.YAMLError or OSError when it cannot be read."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Yaml12Loader)  # a SafeLoader
