"""Languages of the pages: catalogues, negotiation, and how numbers, dates and amounts are written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_decimal_symbol
from babel.units import format_unit

LANGUAGES = {"ru": "Русский", "en": "English"}
"""Code to the language's name in itself. Texts are written in English; each folder's `locale/` holds the
others.
"""

LOCALES = {"ru": "ru", "en": "en_GB"}
"""How each writes numbers and dates."""

DEFAULT = "ru"
BACKEND = Path(__file__).parent.parent


def sources(language: str) -> list[Path]:
    """The files of translations into a language: one for each folder of the backend that has texts."""
    return sorted(BACKEND.glob(f"*/locale/{language}.po"))


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language, compiled from all folders when first asked for."""
    whole = Catalog(language)
    for path in sources(language):
        for message in read_po(BytesIO(path.read_bytes()), locale=language):
            if message.id:
                whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    return GNUTranslations(BytesIO(compiled.getvalue()))


def negotiate(accept_language: str, chosen: str | None = None) -> str:
    """The reader's language: the one chosen before, else the best of `Accept-Language` (RFC 9110, 12.5.4)."""
    if chosen in LANGUAGES:
        return chosen
    ranked = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES and (quality := _quality(parameters)) > 0:
            ranked.append((-quality, place, language))
    return min(ranked)[2] if ranked else ("en" if accept_language.strip() else DEFAULT)


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


class Format:
    """How a language writes what the ledger holds. Times are seconds since 1970 and written in UTC."""

    def __init__(self, language: str):
        self.locale = Locale.parse(LOCALES[language])

    def number(self, value: int) -> str:
        with localcontext(prec=100):  # the widest integer of a contract has 78 digits
            written = format_decimal(value, locale=self.locale)
        return written.replace("-", "\N{MINUS SIGN}")

    def amount(self, value: int, decimals: int) -> str:
        """Base units of a token, of which a whole one has 10^decimals. Nothing is rounded."""
        whole, rest = divmod(value, 10**decimals)
        fraction = str(rest).zfill(decimals).rstrip("0") if rest else ""
        return self.number(whole) + (get_decimal_symbol(self.locale) + fraction if fraction else "")

    def cut(self, value: int, decimals: int) -> str:
        """Base units as `amount`, but of a long fraction only the first two digits and a sign that there are
        more: for reading, beside the exact figure.
        """
        finest = 10 ** max(decimals - 2, 0)
        return self.amount(value - value % finest, decimals) + ("…" if value % finest else "")

    def short(self, value: int) -> str:
        """A number in few letters, for axes: 12 тыс., 12K."""
        written = format_compact_decimal(value, locale=self.locale, fraction_digits=1)
        return written.replace("-", "\N{MINUS SIGN}")

    def percent(self, part: int, whole: int) -> str:
        return format_percent(Decimal(part) / whole if whole else 0, locale=self.locale)

    def share(self, basis_points: int) -> str:
        """A share in per cent, of which nothing is rounded."""
        return format_percent(Decimal(basis_points) / 10_000, locale=self.locale, decimal_quantization=False)

    def multiple(self, value: int) -> str:
        """A multiple in 10,000ths, cut to two digits: 1,25×."""
        return (
            format_decimal(Decimal(value // 100) / 100, "#,##0.00", locale=self.locale)
            + "\N{MULTIPLICATION SIGN}"
        )

    def date(self, seconds: int) -> str:
        return format_date(_moment(seconds), "long", locale=self.locale)

    def day(self, seconds: int) -> str:
        """A date without its year."""
        return format_date(_moment(seconds), "d MMM", locale=self.locale)

    def time(self, seconds: int) -> str:
        return format_datetime(_moment(seconds), "medium", locale=self.locale) + " UTC"

    def iso(self, seconds: int) -> str:
        return _moment(seconds).isoformat().replace("+00:00", "Z")

    def span(self, seconds: int) -> str:
        """A length of time in its largest unit: 14 дней, 3 minutes."""
        return format_timedelta(timedelta(seconds=seconds), threshold=1.5, locale=self.locale)

    def exactly(self, seconds: int) -> str:
        """A length of time in the largest unit that measures it wholly: 5 лет (of 365 days), 400 days."""
        unit = next((unit for unit in UNITS if seconds and seconds % UNITS[unit] == 0), "day")
        return format_unit(seconds // UNITS[unit], f"duration-{unit}", length="long", locale=self.locale)


UNITS = {"year": 31_536_000, "day": 86_400, "hour": 3600, "minute": 60, "second": 1}
"""Seconds in each."""


def _moment(seconds: int) -> datetime:
    # A contract takes 40 bits for a time; a calendar ends at the year 9999.
    return datetime.fromtimestamp(min(int(seconds), 253402300799), UTC)
