"""Bring backend/web/locale/*/LC_MESSAGES/messages.po up to the texts of the templates.

New texts come in without a translation, those that no template has any more go out. Then translate what is
empty; tests/backend/web/test_texts.py says what still lacks.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "backend" / "web" / "locale"
OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
}


def extract() -> Catalog:
    """All texts of the templates."""
    found = Catalog(project="CityNet ledger", charset="utf-8")
    for file, line, message, _, context in extract_from_dir(
        ROOT / "backend", [("**/templates/**.html", "jinja2")], OPTIONS
    ):
        # No line numbers: they change with every edit and say little.
        found.add(message, locations=[(f"backend/{file}", 0)] if line else [], context=context)
    return found


def main() -> None:
    template = extract()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/messages.po")):
        old = read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name)
        old.update(template, no_fuzzy_matching=True)
        old.obsolete.clear()
        text = BytesIO()
        write_po(text, old, width=100, sort_output=True, omit_header=True, include_lineno=False)
        head, _, _ = path.read_bytes().partition(b"\n\n")
        path.write_bytes(head + b"\n\n" + text.getvalue().strip() + b"\n")
        empty = [
            m.id for m in old if m.id and not any(m.string if isinstance(m.string, tuple) else [m.string])
        ]
        print(f"{path.relative_to(ROOT)}: {len(old)} texts, {len(empty)} without a translation")


if __name__ == "__main__":
    main()
