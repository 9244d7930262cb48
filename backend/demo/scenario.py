"""The play: some 200 days in several cities of the demo, ending now."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from backend.demo import catalogue, token
from backend.demo.companies import Companies
from backend.demo.fortunes import Fortunes
from backend.demo.funds import Funds
from backend.demo.purse import Purse
from backend.demo.stage import Events, Person, Stage
from backend.demo.town import DAY, Contracts, Offer, Town, Wallet, nullifier, voucher
from backend.demo.works import Works

HOUR = 3600
DAYS = 200
WAIT = 10 * DAY
"""Seconds for which a signature holds."""


@dataclass(frozen=True)
class Size:
    """How much is played."""

    cities: int
    newcomers: int
    """Citizens that a city registers at once, four times."""
    redemptions: int
    """Tries to redeem in a city, every second day."""


FULL = Size(cities=len(catalogue.CITIES), newcomers=16, redemptions=2)
SMALL = Size(cities=2, newcomers=4, redemptions=1)


@dataclass(frozen=True)
class Clock:
    """The play's time: the second (since 1970) at which day 0 and period 0 begin, the seconds in a period,
    and the second at which the play ends.
    """

    origin: int
    period_length: int
    now: int


@dataclass
class Open:
    """A voucher that waits, with the day on which it will be served, if ever."""

    content: tuple[Any, ...]
    offer: Offer
    town: Town
    due: int | None


class Play:
    """Plays day by day; `advance` is called with the days done."""

    def __init__(self, stage: Stage, at: Contracts, towns: list[Town], size: Size, clock: Clock):
        self.stage, self.at, self.towns, self.size, self.clock = stage, at, towns, size, clock
        self.random = Random(20)
        self.relay = stage.person("relay", acts=True)
        self.sponsor = stage.person("sponsor", acts=True)
        self.wallet = Wallet(stage, at)
        self.vouchers: list[Open] = []
        self.pooled: set[int] = set()
        self.token = ""
        self.recovered: Person | None = None

    def run(self, advance: Callable[[int], object]) -> None:
        """Plays it all. Raises Reverted where the contracts do not agree with the play."""
        self._open()
        for day in range(1, DAYS):
            self._register(day)
            self._award(day)
            self._market(day)
            self._serve(day)
            self._incidents(day)
            self.works.play(day, self._time(day, 21))
            advance(1)
        self._last_hours()
        advance(1)

    def worth_a_look(self) -> dict[str, str]:
        """Pages of the site that show most, as paths without the language."""
        town = self.towns[0]
        waiting = self.vouchers[-1].content
        works = self.works.works
        return {
            "an open campaign": f"projects/{works['park'].number}",
            "a finished project": f"projects/{works['garden'].number}",
            "an investor": f"backers/{town.backers[0].address}",
            "a matching round": "rounds/2",
            "a fund": f"funds/{self.funds.funds['seed'].address}",
            "a fund's partner": f"partners/{self.funds.funds['seed'].partners[0].address}",
            "figures of the network": "board",
            "a city": f"cities/{town.number}",
            "a citizen": f"citizens/{town.citizens[0].address}",
            "a recovered wallet": f"citizens/{town.citizens[2].address}",
            "an open voucher": f"vouchers/{waiting[0]}",
            "all offers": "offers",
            "the ledger": "ledger",
        }

    # ------------------------------------------------------------------- days

    def _time(self, day: int, hour: float) -> int:
        return self.clock.origin + day * DAY + int(hour * HOUR)

    def _period(self, time: int) -> int:
        return (time - self.clock.origin) // self.clock.period_length

    def _note(self, events: Events, day: int) -> None:
        """Takes note of what came of the transactions."""
        for town in self.towns:
            town.note_awards(events)
            town.note_epochs(events)
            town.note_offers(events)
        offers = {offer.number: (town, offer) for town in self.towns for offer in town.offers}
        for event in events.get("Redeemed", []):
            town, offer = offers[event["offerId"]]
            served = self.random.random() < 0.85
            due = day + self.random.randint(0, 6) if served else None
            self.vouchers.append(Open(voucher(event), offer, town, due))

    def _open(self) -> None:
        for town in self.towns:
            town.set_up()
        self.stage.at(self._time(0, 9))
        made = self.stage.sender.submit([token.creation()], None, 3_000_000)
        self.stage.mine(self._time(0, 10))
        self.token = str(self.stage.sender.wait(made)[0].contract)
        self._open_money()

    def _open_money(self) -> None:
        """The operator allows the token, and knows the investors; projects and campaigns can begin."""
        operator, factory = self.stage.sender.addresses[0], self.at.factory
        investors = [(who, who is town.backers[-1]) for town in self.towns for who in town.backers]
        self.stage.do(operator, factory.call("setToken", self.token, token.UNIT))
        wallets = [who.address for who, _ in investors]
        known = [(nullifier(who), qualified) for who, qualified in investors]
        self.stage.do(operator, factory.call("setInvestors", wallets, known))
        self.stage.at(self._time(0, 11))
        money = token.at(self.token)
        self.purse = Purse(self.stage, money, self.at.chain_id, self.relay)
        self.works = Works(self.stage, self.towns, self.relay, self.token, token.UNIT)
        self.fortunes = Fortunes(self.works, self.purse, self.clock.now)
        self.companies = Companies(self.works, self.purse, self.clock.now)
        self.funds = Funds(self.works, self.purse)

    def _register(self, day: int) -> None:
        if day in (1, 20, 70, 130):
            for town in self.towns:
                town.register(self.size.newcomers, acting=2 if day == 1 else 0)
            self.stage.at(self._time(day, 8))

    def _award(self, day: int) -> None:
        for i, town in enumerate(self.towns):
            if (day + i) % 6 == 2:
                kind = self.random.choice((1, 3, 5))
                share = self.random.uniform(0.3, 0.7)
                who = [citizen for citizen in town.citizens if self.random.random() < share]
                if who:
                    town.award(kind, who, f"{day}/{town.number}")
            if (day + i) % 9 == 4:
                kind = self.random.choice((2, 4))
                town.award(kind, [self.random.choice(town.citizens)], f"{day}/{town.number} b")
        self._note(self.stage.at(self._time(day, 10)), day)
        if day >= 28 and day % 28 == 0:
            first = self.clock.origin // DAY + day - 28
            for town in self.towns:
                town.open_epoch(catalogue.HOURS, first, first + 27, f"{day}/{town.number} h")
                if day % 56 == 0:
                    town.open_epoch(catalogue.SORTING, first - 28, first + 27, f"{day}/{town.number} s")
            self._note(self.stage.at(self._time(day, 11)), day)

    # ----------------------------------------------------------------- market

    def _market(self, day: int) -> None:
        if day in (3, 110):
            self._publish(day)
        if day == 4:
            self._fund()
        if day < 10 or day % 2:
            return
        candidates = [
            (town, citizen)
            for town in self.towns
            for citizen in self.random.sample(
                town.citizens, min(len(town.citizens), 3 * self.size.redemptions)
            )
        ]
        held = self._held(candidates)
        self._redeem(day, candidates, held)
        self._claim_some(day)
        self._note(self.stage.at(self._time(day, 13)), day)

    def _publish(self, day: int) -> None:
        opens = self._time(day, 12)
        closes = self._time(125, 0) if day < 100 else self.clock.now + 60 * DAY
        others = tuple(town.number for town in self.towns)
        for i, town in enumerate(self.towns):
            for j, plan in enumerate(catalogue.OFFERS):
                far = tuple(n for n in others if n != town.number) if j in (1, 3) else ()
                pool = (self.token, 150 * token.UNIT) if plan.business == "museum" and i % 2 == 0 else None
                stock = 6 if plan.business == "theatre" and i == 1 else None
                town.publish(plan, opens, closes, far, stock, pool)
        self._note(self.stage.at(self._time(day, 12)), day)

    def _fund(self) -> None:
        money = token.at(self.token)
        pools = [t.offers[1].number for i, t in enumerate(self.towns) if i % 2 == 0]
        self.pooled.update(pools)
        total = 3_000 * token.UNIT
        self.stage.do(self.sponsor, money.call("mint", self.sponsor.address, total * len(pools)))
        self.stage.do(self.sponsor, money.call("approve", self.at.market.address, total * len(pools)))
        for number in pools:
            self.stage.do(self.sponsor, self.at.market.call("fund", number, total))
        self.stage.at(self._time(4, 12))

    def _held(self, candidates: list[tuple[Town, Person]]) -> list[int]:
        """What citizens hold in their town at the moment."""
        calls = [
            self.at.ledger.call("balanceOf", town.number, citizen.address) for town, citizen in candidates
        ]
        return [expiring + fresh for expiring, fresh, _ in self.stage.sender.read_all(calls, "latest")]

    def _redeem(self, day: int, candidates: list[tuple[Town, Person]], held: list[int]) -> None:
        time = self._time(day, 13)
        period = self._period(time)
        done = {town.number: 0 for town in self.towns}
        for (town, citizen), merits in zip(candidates, held, strict=True):
            if done[town.number] >= self.size.redemptions:
                continue
            epochs = list(town.unclaimed(citizen, period))
            claims = []
            for epoch in epochs:
                leaf = town.leaf(epoch, citizen)
                merits += leaf[2] * epoch.points
                claims.append((epoch, leaf))
            offer = self._choice(town, citizen, merits, time)
            if offer is None:
                continue
            for epoch, _ in claims:
                epoch.claimed.add(citizen.address)
            acting = citizen.address in self.stage.sender.addresses
            self.wallet.redeem(
                citizen,
                offer,
                town.number,
                None if acting else self.relay,
                [leaf for _, leaf in claims],
                time + WAIT,
            )
            done[town.number] += 1

    def _choice(self, town: Town, citizen: Person, merits: int, time: int) -> Offer | None:
        """An offer that the citizen can have; sometimes one in another city."""
        abroad = self.random.random() < 0.2
        pool = [
            offer
            for place in self.towns
            for offer in place.offers
            if (place is town) != abroad
            and (place is town or town.number in offer.accepts)
            and offer.opens <= time < offer.closes
            and offer.left > 0
            and offer.price <= merits
            and (
                not offer.limit
                or self.wallet.redemptions.get((offer.number, citizen.address), 0) < offer.limit
            )
        ]
        return self.random.choice(pool) if pool else None

    def _claim_some(self, day: int) -> None:
        """Citizens who only claim."""
        period = self._period(self._time(day, 13))
        for town in self.towns:
            citizen = self.random.choice(town.citizens)
            for epoch in list(town.unclaimed(citizen, period))[:1]:
                town.claim(self.relay, citizen, epoch)

    def _serve(self, day: int) -> None:
        """Businesses fulfil what is due; what nobody fetched comes back after its term."""
        time = self._time(day, 17)
        settled = []
        for waiting in self.vouchers:
            expires = waiting.content[6]
            if waiting.due is not None and waiting.due <= day and time < expires:
                code = self.wallet.codes[waiting.content[7]]
                self.stage.do(waiting.offer.partner, self.at.market.call("fulfil", waiting.content, code))
            elif waiting.due is None and time >= expires and self.random.random() < 0.5:
                self.stage.do(self.relay, self.at.market.call("refund", waiting.content))
                waiting.offer.left += 1
            else:
                continue
            settled.append(id(waiting))
        if settled:
            self.stage.at(time)
            self.vouchers = [w for w in self.vouchers if id(w) not in settled]

    # -------------------------------------------------------------- incidents

    def _incidents(self, day: int) -> None:
        town = self.towns[0]
        registry, ledger, market = self.at.registry, self.at.ledger, self.at.market
        if day == 95:
            self._reverse(town)
        elif day == 100:
            self.recovered = self.stage.person(f"citizen 3 of {town.name}, new wallet")
            town.propose_recovery(town.citizens[2], self.recovered)
        elif day == 103:
            new = self.stage.person(f"citizen 4 of {self.towns[1].name}, new wallet")
            self.towns[1].propose_recovery(self.towns[1].citizens[3], new)
        elif day == 104:
            other = self.towns[1]
            call = registry.call("cancelRecovery", other.number, other.citizens[3].address)
            self.stage.do(other.verifiers[0], call)
        elif day == 108 and self.recovered:
            old = town.citizens[2]
            self.stage.do(self.relay, registry.call("executeRecovery", town.number, old.address))
            town.citizens[2] = self.recovered
            self.fortunes.follow(old, self.recovered)
        elif day == 120:
            closing = next(o for o in town.offers if o.closes > self._time(day, 20))
            self.stage.do(closing.partner, market.call("close", closing.number))
            closing.closes = 0
        elif day == 150:
            last = self.towns[-1]
            self.stage.do(last.steward, ledger.call("setPaused", last.number, True))
            self.stage.at(self._time(day, 19))
            self.stage.do(last.steward, ledger.call("setPaused", last.number, False))
        elif day == 160:
            for place in self.towns[::2]:
                partner = place.partners["museum"]
                earned = self.stage.sender.read(market.call("earnedOf", partner.address, self.token))
                if earned:
                    self.stage.do(partner, market.call("withdraw", self.token, partner.address))
        else:
            return
        self.stage.at(self._time(day, 20))

    def _reverse(self, town: Town) -> None:
        """Reverses an award of somebody who has spent more than is left: the rest is a shortfall."""
        period = self._period(self._time(95, 20))
        recent = [b for b in town.batches if b[5] >= period - 1]
        places = [(batch, i, who) for batch in recent for i, who in enumerate(batch[7])]
        calls = [self.at.ledger.call("balanceOf", town.number, who) for _, _, who in places]
        held = [a + b for a, b, _ in self.stage.sender.read_all(calls, "latest")]
        short = [(batch, i) for (batch, i, _), merits in zip(places, held, strict=True) if merits < batch[4]]
        batch, i = short[0] if short else places[0][:2]
        town.reverse(batch, i)

    def _last_hours(self) -> None:
        """What is under way at the end: fresh awards, open vouchers, a recovery, an offer to come."""
        for town in self.towns:
            for who in (*town.citizens[:6], *town.backers):
                self.purse.fund(who, 100_000 * token.UNIT)
            town.award(1, town.citizens, f"{DAYS}/{town.number}")
            town.publish(catalogue.OFFERS[4], self.clock.now + 3 * DAY, self.clock.now + 60 * DAY)
        town = self.towns[0]
        lost = town.citizens[4 % len(town.citizens)]
        town.propose_recovery(lost, self.stage.person(f"{lost.name}, new wallet"))
        self._note(self.stage.at(self.clock.now - 1200), DAYS)
        candidates = [(t, citizen) for t in self.towns for citizen in t.citizens[-4:]]
        for (place, citizen), merits in zip(candidates, self._held(candidates), strict=True):
            offer = self._choice(place, citizen, merits, self.clock.now - 600)
            if offer:
                by = None if citizen.address in self.stage.sender.addresses else self.relay
                self.wallet.redeem(citizen, offer, place.number, by, [], self.clock.now + WAIT)
        self._note(self.stage.at(self.clock.now - 600), DAYS)
