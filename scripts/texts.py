"""Bring backend/*/locale/*.po up to the texts of each folder: its templates, and what its code marks (`N_`).

New texts come in without a translation, those that the folder has no more go out. Then translate what is
empty; tests/backend/web/test_texts.py says what still lacks. Name folders (`merits web`) to do only those.
"""

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ru",)
OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
}
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def extract(folder: Path) -> Catalog:
    """All texts of a folder of the backend."""
    found = Catalog(project="CityNet ledger", charset="utf-8")
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    for file, line, message, _, context in extract_from_dir(folder, methods, OPTIONS, KEYWORDS):
        # No line numbers: they change with every edit and say little.
        found.add(message, locations=[(file, 0)] if line else [], context=context)
    return found


def folders() -> dict[str, Path]:
    """The folders of the backend by name."""
    return {
        path.name: path for path in sorted((ROOT / "backend").iterdir()) if (path / "__init__.py").exists()
    }


def update(folder: Path, language: str) -> tuple[int, int]:
    """Write a folder's file of one language; returns how many texts it has, and how many lack one."""
    path, template = folder / "locale" / f"{language}.po", extract(folder)
    if not len(template):
        path.unlink(missing_ok=True)
        return 0, 0
    old = Catalog(language)
    if path.exists():
        old = read_po(BytesIO(path.read_bytes()), locale=language)
    old.update(template, no_fuzzy_matching=True)
    old.obsolete.clear()
    text = BytesIO()
    write_po(text, old, width=100, sort_output=True, omit_header=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head.encode() + text.getvalue().strip() + b"\n")
    return len(old), sum(not all(_forms(m.string)) for m in old if m.id)


PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}


def _forms(string: str | Iterable[str] | None) -> list[str]:
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def main() -> None:
    for name in sys.argv[1:] or folders():
        for language in LANGUAGES:
            count, empty = update(folders()[name], language)
            if count:
                print(f"backend/{name}/locale/{language}.po: {count} texts, {empty} without a translation")


if __name__ == "__main__":
    main()
