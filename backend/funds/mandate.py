"""A fund's mandate and terms: as the contract takes them, and in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, Field

from backend.content.documents import Text
from backend.kit.texts import N_, Texts
from backend.kit.types import Amount
from backend.merits.tokens import Token
from backend.projects.names import FORMS, KINDS, Form, Kind
from backend.web.i18n import LANGUAGES, Format, catalogue

WHOLE = 10_000
"""Basis points."""

KIND_NAMES: dict[Kind, str] = {
    "intellectual_property": N_("Intellectual property"),
    "startup": N_("Startup"),
    "investment": N_("Investment"),
    "business": N_("Business"),
    "public_private_partnership": N_("Public-private partnership"),
    "university": N_("University"),
    "social": N_("Social"),
    "development": N_("Development"),
    "urbanist": N_("Urbanist"),
    "charity": N_("Charity"),
    "creative_industry": N_("Creative industry"),
}
FORM_NAMES: dict[Form, str] = {
    "donation": N_("Donation"),
    "reward": N_("Reward"),
    "loan": N_("Loan"),
    "share": N_("Share"),
}


def mask(names: Iterable[str], known: tuple[str, ...]) -> int:
    """The bits of enumerated names: bit `n` for the name in place `n`."""
    return sum(1 << known.index(name) for name in set(names))


def unmask(bits: int, known: tuple[Any, ...]) -> list[Any]:
    """The names that a mask of bits has, in their order."""
    return [name for place, name in enumerate(known) if bits >> place & 1]


class Mandate(BaseModel):
    """What a fund may invest in (`IFundAvatar.Mandate`)."""

    kinds: list[Kind] = Field(description="Kinds of projects.", examples=[["startup"]])
    forms: list[Form] = Field(description="Forms of campaigns.", examples=[["loan", "share"]])
    largest_share: int = Field(
        description="Basis points of what is committed to it: the most for one project or fund.",
        examples=[2000],
    )
    may_commit: bool = Field(description="Whether it may commit to other funds, which may not themselves.")
    cities: list[int] = Field(description="Home cities of its projects; empty: any.", examples=[[1, 2]])

    @property
    def struct(self) -> tuple[Any, ...]:
        kinds, forms = mask(self.kinds, KINDS), mask(self.forms, FORMS)
        return kinds, forms, self.largest_share, self.may_commit, self.cities


class Terms(BaseModel):
    """A fund's terms (`IFundAvatar.Terms`, in its order): base units of its token, basis points, seconds."""

    minimum: Amount = Field(description="Least sum committed for the first closing.")
    cap: Amount = Field(description="Most that is committed.")
    final_closing: int = Field(description="Seconds since 1970: from then on nobody commits.")
    investment_period: int = Field(description="Seconds from the first closing.", examples=[157680000])
    life: int = Field(description="Seconds from the first closing.", examples=[315360000])
    extension: int = Field(description="Seconds that one extension adds.", examples=[31536000])
    extensions: int = Field(description="How often partners may extend its life.", examples=[2])
    management_fee: int = Field(description="Basis points a year.", examples=[200])
    hurdle: int = Field(description="Basis points a year, compounding.", examples=[800])
    catch_up: int = Field(description="The organisation's share in the catch-up; 0: none.", examples=[10000])
    carry: int = Field(description="The organisation's share of profit.", examples=[2000])
    escrow: int = Field(description="Share of the carry kept until the fund ends.", examples=[3000])
    equalisation: int = Field(description="Premium a year that later partners pay.", examples=[800])
    call_notice: int = Field(description="Seconds that partners have at least to pay.", examples=[864000])
    grace: int = Field(description="Seconds after the due date before a default.", examples=[864000])
    late_fee: int = Field(description="Share of what is paid late, on top.", examples=[200])
    forfeit: int = Field(description="Share of their units that a defaulting partner loses.", examples=[5000])
    mark_term: int = Field(description="Seconds after which a mark is stale.", examples=[15552000])

    @classmethod
    def of(cls, struct: Sequence[int]) -> Self:
        """As the contract gives them."""
        return cls(**dict(zip(cls.model_fields, struct, strict=True)))

    @property
    def struct(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in Terms.model_fields)


def mandate_in_words(mandate: Mandate, names: Mapping[int, Text]) -> list[Texts]:
    """A mandate in sentences. `names`: of its cities, as far as they are known."""
    return _both(lambda write: _mandate(write, mandate, names))


def terms_in_words(terms: Terms, token: Token | None) -> list[Texts]:
    """Terms in sentences: who commits when, how long it lasts, what it costs, who gets what, who is late."""
    return _both(lambda write: _terms(write, terms, token))


class _Writer:
    """Sentences in one language."""

    def __init__(self, language: str):
        self.language, self.format = language, Format(language)
        self.gettext = catalogue(language).gettext

    def __call__(self, text: str, **values: str) -> str:
        return self.gettext(text) % values if values else self.gettext(text)

    def listed(self, texts: Iterable[str]) -> str:
        return ", ".join(self.gettext(text).lower() for text in texts)

    def city(self, city_id: int, name: Text | None) -> str:
        return getattr(name, self.language) if name else self(N_("city no. %(number)s"), number=str(city_id))

    def sum(self, value: int, token: Token | None) -> str:
        if token is None:
            return self(N_("%(written)s base units"), written=self.format.number(value))
        return f"{self.format.amount(value, token.decimals)} {token.symbol}"


def _both(sentences: Any) -> list[Texts]:
    said = {language: sentences(_Writer(language)) for language in LANGUAGES}
    return [Texts(**dict(zip(said, each, strict=True))) for each in zip(*said.values(), strict=True)]


def _mandate(write: _Writer, mandate: Mandate, names: Mapping[int, Text]) -> list[str]:
    share = write.format.share
    said = [
        write(N_("It invests in projects of every kind."))
        if len(mandate.kinds) == len(KINDS)
        else write(
            N_("It invests in projects of these kinds: %(kinds)s."),
            kinds=write.listed(KIND_NAMES[kind] for kind in mandate.kinds),
        ),
        write(
            N_("Home cities of its projects: %(cities)s."),
            cities=", ".join(write.city(city_id, names.get(city_id)) for city_id in mandate.cities),
        )
        if mandate.cities
        else write(N_("Home cities of its projects: any.")),
        write(
            N_("Forms of campaigns that it invests in: %(forms)s."),
            forms=write.listed(FORM_NAMES[form] for form in mandate.forms),
        )
        if mandate.forms
        else write(N_("It invests in no campaigns itself.")),
        write(
            N_("At most %(share)s of what is committed to it goes into one project."),
            share=share(mandate.largest_share),
        ),
    ]
    if not mandate.kinds:
        said = [write(N_("It invests in no campaigns itself."))]
    if mandate.may_commit:
        said.append(
            write(
                N_(
                    "It may commit to other funds, at most %(share)s of what is committed to it to one;"
                    " not to funds that do so themselves."
                ),
                share=share(mandate.largest_share),
            )
        )
    else:
        said.append(write(N_("It does not commit to other funds.")))
    return said


def _terms(write: _Writer, terms: Terms, token: Token | None) -> list[str]:
    return [
        *_joining(write, terms, token),
        *_lasting(write, terms),
        *_sharing(write, terms),
        *_paying(write, terms),
        write(N_("A mark older than %(term)s is called stale."), term=write.format.exactly(terms.mark_term)),
    ]


def _joining(write: _Writer, terms: Terms, token: Token | None) -> list[str]:
    said = [
        write(
            N_("It begins once %(minimum)s are committed, and takes %(cap)s at most."),
            minimum=write.sum(terms.minimum, token),
            cap=write.sum(terms.cap, token),
        ),
        write(N_("Nobody commits from %(time)s on."), time=write.format.time(terms.final_closing)),
    ]
    if terms.equalisation:
        said.append(
            write(
                N_(
                    "Who commits after the first closing pays what the others were called before, and"
                    " %(rate)s a year on it to those who were there."
                ),
                rate=write.format.share(terms.equalisation),
            )
        )
    else:
        said.append(write(N_("Who commits after the first closing pays what the others were called before.")))
    return said


def _lasting(write: _Writer, terms: Terms) -> list[str]:
    exactly = write.format.exactly
    said = [
        write(
            N_("Counted from the first closing, it invests for this time: %(period)s, and lives: %(life)s."),
            period=exactly(terms.investment_period),
            life=exactly(terms.life),
        )
    ]
    if terms.extensions:
        said.append(
            write(
                N_("Partners can extend its life by %(span)s, at most this many times: %(times)s."),
                span=exactly(terms.extension),
                times=str(terms.extensions),
            )
        )
    else:
        said.append(write(N_("Its life cannot be extended.")))
    return said


def _sharing(write: _Writer, terms: Terms) -> list[str]:
    share = write.format.share
    said = [
        write(
            N_(
                "The manager takes %(fee)s a year of what is committed while it invests, then of what its"
                " holdings cost."
            ),
            fee=share(terms.management_fee),
        )
        if terms.management_fee
        else write(N_("It has no management fee."))
    ]
    if not terms.carry:
        return [*said, write(N_("All profit is the partners’."))]
    said.append(
        write(
            N_("Partners first get back all that they paid, and %(hurdle)s a year on it, compounding."),
            hurdle=share(terms.hurdle),
        )
        if terms.hurdle
        else write(N_("Partners first get back all that they paid."))
    )
    if terms.catch_up:
        said.append(
            write(
                N_(
                    "Then the organisation gets %(catch_up)s of the money until it has %(carry)s of all"
                    " profit."
                ),
                catch_up=share(terms.catch_up),
                carry=share(terms.carry),
            )
        )
    said.append(
        write(
            N_("Of the rest the organisation gets %(carry)s and partners %(partners)s."),
            carry=share(terms.carry),
            partners=share(WHOLE - terms.carry),
        )
    )
    if terms.escrow:
        said.append(
            write(
                N_("Of its carry %(escrow)s stays in the fund to the end, should it have got too much."),
                escrow=share(terms.escrow),
            )
        )
    return said


def _paying(write: _Writer, terms: Terms) -> list[str]:
    share, exactly = write.format.share, write.format.exactly
    said = [
        write(
            N_("Time that partners have at least to pay a call: %(notice)s."),
            notice=exactly(terms.call_notice),
        )
    ]
    if terms.late_fee:
        said.append(write(N_("What is paid late costs %(late_fee)s on top."), late_fee=share(terms.late_fee)))
    said.append(
        write(
            N_(
                "Who is late for longer than %(grace)s can be declared in default: their commitment ends, and"
                " they lose %(forfeit)s of their units."
            ),
            grace=exactly(terms.grace),
            forfeit=share(terms.forfeit),
        )
    )
    return said
