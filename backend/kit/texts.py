"""Texts in code, translated where they are shown."""


def N_(text: str) -> str:
    """Marks a text for translation (scripts/texts.py) where it is written."""
    return text
