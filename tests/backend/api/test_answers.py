"""What is answered is what the contracts say."""

import httpx
import pytest

from backend.kit.merkle import leaf_hash, verify
from backend.merits.epochs import Award
from tests.backend.network import PERIOD, Played


def data(client: httpx.Client, path: str, **query: object):
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_status_names_chain_head_contracts_and_versions(client: httpx.Client, played: Played) -> None:
    status = data(client, "/v1/status")
    assert status["chain_id"] == 31337
    assert (status["indexed_number"], status["lag_blocks"], status["lag_seconds"]) == (played.block, 0, 0)
    assert status["contracts"]["MeritLedger"]["address"] == played.network.contracts["MeritLedger"].address
    assert all(status["versions"].values())


def test_every_answer_names_its_block(client: httpx.Client, played: Played) -> None:
    block = played.network.chain.call("eth_getBlockByNumber", "latest", False)
    at = {"number": played.block, "hash": block["hash"], "time": int(block["timestamp"], 16)}
    for path in ("/v1/status", "/v1/cities", "/v1/cities/1", "/v1/offers", "/v1/offers/1", "/v1/facts"):
        assert client.get(path).json()["at_block"] == at, path


@pytest.mark.parametrize("share", [1, 2, 3])
def test_citizens_have_what_the_contract_says_at_every_block(
    client: httpx.Client, played: Played, share: int
) -> None:
    block = played.block // share
    time = int(played.network.chain.call("eth_getBlockByNumber", hex(block), False)["timestamp"], 16)
    ends = played.network.origin + ((time - played.network.origin) // PERIOD + 1) * PERIOD
    compared = 0
    for name, wallet in played.network.wallets.items():
        if not name.startswith("citizen"):
            continue
        shown = {c["city_id"]: c for c in data(client, f"/v1/citizens/{wallet}", at_block=block)["cities"]}
        for city in played.network.cities:
            expiring, fresh, lifetime = played.network.read(
                "MeritLedger", "balanceOf", city, wallet, block=block
            )
            found = shown.get(city, {"held": 0, "standing": 0, "expires": []})
            expected = [{"merits": m, "at": at} for m, at in ((expiring, ends), (fresh, ends + PERIOD)) if m]
            assert (found["held"], found["standing"], found["expires"]) == (
                expiring + fresh,
                lifetime,
                expected,
            )
            compared += lifetime > 0
    assert compared >= 1


def test_a_citizen_names_cities_nullifier_and_successor(client: httpx.Client, played: Played) -> None:
    for name, wallet in played.network.wallets.items():
        if name.startswith("citizen"):
            for city in data(client, f"/v1/citizens/{wallet}")["cities"]:
                chain = played.network.read("CityRegistry", "nullifierOf", city["city_id"], wallet)
                assert (city["successor"] is None) == (chain != bytes(32))
                if city["successor"]:
                    current = played.network.read("CityRegistry", "currentWallet", city["city_id"], wallet)
                    assert current != wallet
                else:
                    assert city["nullifier"] == "0x" + chain.hex()


def test_history_adds_up_to_what_was_ever_held(client: httpx.Client, played: Played) -> None:
    """The sum of all lines is what is left, what has expired meanwhile included."""
    for name, wallet in played.network.wallets.items():
        if not name.startswith("citizen"):
            continue
        lines = data(client, f"/v1/citizens/{wallet}/history", limit=500)
        assert lines == sorted(lines, key=lambda line: (-line["block_number"], -line["log_index"]))
        for city in data(client, f"/v1/citizens/{wallet}")["cities"]:
            total = sum(line["merits"] for line in lines if line["city_id"] == city["city_id"])
            assert total >= city["held"] >= 0


def test_unknown_wallets_have_nothing(client: httpx.Client) -> None:
    citizen = data(client, "/v1/citizens/0x" + "12" * 20)
    assert {name: value for name, value in citizen.items() if name != "address"} == {
        "cities": [], "claimable": [], "vouchers": [], "history": [], "recoveries": []
    }  # fmt: skip


def test_offers_are_as_the_market_has_them(client: httpx.Client, played: Played) -> None:
    offers = data(client, "/v1/offers", limit=500)
    assert [o["offer_id"] for o in offers] == list(
        range(played.network.read("RewardMarket", "offerCount"), 0, -1)
    )
    for offer in offers:
        chain = played.network.read("RewardMarket", "offerOf", offer["offer_id"])
        token, _, per_voucher, pool = played.network.read("RewardMarket", "poolOf", offer["offer_id"])
        shown = (
            offer["partner"].lower(), offer["city_id"], offer["price"], offer["stock"], offer["opened"],
            offer["fulfilled"] + offer["refunded"], offer["limit"], offer["opens"], offer["closes"],
            offer["term"],
        )  # fmt: skip
        assert shown == (chain[0].lower(), *chain[1:])
        assert (int(offer["per_voucher"]), int(offer["pool"])) == (per_voucher, pool)
        assert (offer["token"] or "0x" + "0" * 40).lower() == token.lower()
        accepted = [
            c
            for c in played.network.cities
            if played.network.read("RewardMarket", "accepts", offer["offer_id"], c)
        ]
        assert sorted(offer["accepts"]) == accepted
        assert data(client, f"/v1/offers/{offer['offer_id']}") == offer


def test_offers_are_found_by_city_business_and_being_open(client: httpx.Client) -> None:
    offers = data(client, "/v1/offers", limit=500)
    for city in (1, 2, 3):
        found = data(client, "/v1/offers", city=city, limit=500)
        assert found == [o for o in offers if city in o["accepts"]]
    partner = offers[0]["partner"]
    assert data(client, "/v1/offers", partner=partner, limit=500) == [
        o for o in offers if o["partner"] == partner
    ]
    assert data(client, "/v1/offers", open=True, limit=500) == [o for o in offers if o["open"]] != offers


def test_vouchers_have_the_content_that_the_market_keeps(client: httpx.Client, played: Played) -> None:
    statuses = set()
    for number in played.play.vouchers:
        voucher = data(client, f"/v1/vouchers/{number}")
        status, content = played.network.read("RewardMarket", "voucherOf", number)
        assert voucher["status"] == ("", "open", "fulfilled", "refunded")[status]
        assert voucher["content_hash"] == ("0x" + content.hex() if status == 1 else None)
        told = played.network.content(number)
        assert (
            voucher["voucher_id"],
            voucher["citizen"],
            voucher["city_id"],
            voucher["from_previous"],
        ) == told[:4]
        assert (voucher["from_current"], voucher["period"], voucher["expires"]) == told[4:7]
        statuses.add(voucher["status"])
    assert statuses == {"open", "fulfilled", "refunded"}


def test_an_offer_lists_its_vouchers(client: httpx.Client, played: Played) -> None:
    for offer in data(client, "/v1/offers", limit=500):
        listed = data(client, f"/v1/offers/{offer['offer_id']}/vouchers", limit=500)
        ours = [v for v in played.play.vouchers if v >> 24 == offer["offer_id"]]
        assert sorted(v["voucher_id"] for v in listed) == sorted(ours)


def test_a_city_shows_its_sums_and_they_hold(client: httpx.Client, played: Played) -> None:
    for number in played.network.cities:
        city = data(client, f"/v1/cities/{number}")
        merits = city["merits"]
        assert (
            merits["issued"] == merits["held"] + merits["spent"] + merits["expired"] + merits["reversed"] > 0
        )
        assert city["steward"] == played.network.read("CityRegistry", "stewardOf", number)
        assert city["rules"]["daily_cap"] == played.network.read("MeritLedger", "cityOf", number)[0]
        for kind in city["kinds"]:
            assert kind["points"] == played.network.read("MeritLedger", "kindOf", number, kind["kind_id"])[0]
        for epoch in city["epochs"]:
            root, acts, points, *_, cancelled = played.network.read(
                "MeritLedger", "epochOf", number, epoch["epoch_id"]
            )
            assert (epoch["root"], epoch["cancelled"]) == ("0x" + root.hex(), cancelled)
            assert epoch["acts"] - epoch["claimed"] // points == acts
        for role in city["roles"]:
            assert role["roles"] == played.network.read("CityRegistry", "rolesOf", number, role["account"])
        for line in city["clearing"]:
            assert number in (line["home_id"], line["city_id"])
            assert line["opened"] >= line["fulfilled"] + line["refunded"]


def test_an_earlier_block_knows_nothing_of_later_ones(client: httpx.Client, played: Played) -> None:
    cities = data(client, "/v1/cities", at_block=7)
    assert len(cities) < 3
    assert all(city["issued"] == 0 for city in cities)
    assert client.get("/v1/cities/3", params={"at_block": 6}).status_code == 404
    assert data(client, "/v1/offers", at_block=10) == []


def test_what_can_be_claimed_comes_with_a_proof_that_the_root_knows(
    client: httpx.Client, played: Played
) -> None:
    # Leaves are kept by whoever opens an epoch through the backend; here, none was.
    assert all(
        data(client, f"/v1/citizens/{wallet}")["claimable"] == []
        for wallet in played.network.wallets.values()
    )
    (city, epoch), tree = next(iter(played.network.epochs.items()))
    root = played.network.read("MeritLedger", "epochOf", city, epoch)[0]
    award: Award = tree.awards[0]
    assert verify(root, leaf_hash(award.encoded), tree.proof(0))
