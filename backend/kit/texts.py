"""Texts in code, translated where they are shown."""

from typing import Any

from pydantic import BaseModel, Field


def N_(text: str) -> str:
    """Marks a text for translation (scripts/texts.py) where it is written."""
    return text


class Texts(BaseModel):
    """What the backend itself says, in both languages."""

    ru: str = Field(examples=["Все ваучеры разобраны."])
    en: str = Field(examples=["All vouchers are gone."])


class Told(ValueError):
    """What is wrong, to be said in the reader's language: an English text marked with `N_`, and the values
    that it names (`%(left)s`).
    """

    def __init__(self, text: str, **values: Any):
        super().__init__(text % values if values else text)
        self.text, self.values = text, values
