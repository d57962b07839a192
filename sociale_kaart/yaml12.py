"""YAML with the scalars of version 1.2, as whoever edits the files expects.

`on`, `off`, `yes` and `no` are words; dates are text for the schema to judge, and so is `10:30`, which YAML 1.1 reads as 630.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
import yaml.composer


class Yaml12Loader(yaml.SafeLoader):
    """SafeLoader in which only `true` and `false` are booleans and only plain numbers are numbers.

    Aliases (`*name`) are refused: they save a volunteer nothing and let a few lines grow without bound.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not read here", mark)
        return super().compose_node(parent, index)


_OLD_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "timestamp")}
Yaml12Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OLD_SCALARS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
):
    Yaml12Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))


def read_yaml(path: Path) -> Any:
    """The plain data of one UTF-8 file. yaml.YAMLError or OSError when it cannot be read."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Yaml12Loader)  # a SafeLoader
