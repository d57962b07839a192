"""The README cannot lie about settings: its table is what the settings say. `python tests/test_docs.py` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from api.settings import ROOT, Settings

README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- settings -->\n)(.*?)(<!-- /settings -->)", re.DOTALL)


def settings_table() -> str:
    rows = ["| setting | default | what |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if hasattr(default, "get_secret_value"):
            default = default.get_secret_value()
        paths = default if isinstance(default, tuple) else (default,)
        shown = ",".join(str(path.relative_to(ROOT) if isinstance(path, Path) else path) for path in paths)
        rows.append(f"| `KAART_{name.upper()}` | {f'`{shown}`' if shown != '' else ''} | {field.description} |")
    return "\n".join(rows) + "\n"


def test_the_settings_table_is_current() -> None:
    found = BLOCK.search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[2] == settings_table(), "run: python tests/test_docs.py"


def test_every_folder_of_the_house_has_a_readme() -> None:
    for folder in ("sociale_kaart", "knowledge", "api", "bot"):
        assert (ROOT / folder / "README.md").exists()


if __name__ == "__main__":
    README.write_text(BLOCK.sub(lambda m: m[1] + settings_table() + m[3], README.read_text(encoding="utf-8")), encoding="utf-8")
