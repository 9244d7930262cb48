"""Actions over HTTP."""

from tests.backend.relay.town import Town


def test_a_signed_action_is_prepared_signed_and_queued_once(town: Town) -> None:
    who = town.citizens[0]
    body = town.signed(who)
    first, second = town.submit(body), town.submit(body)
    assert (first.status_code, second.status_code) == (202, 202)
    action = first.json()["data"]
    assert second.json()["data"] == action == town.action(action["id"])
    assert (action["state"], action["account"]) == ("queued", town.network.wallet(who))
    assert action["title"] == {"ru": "Обменять заслуги", "en": "Redeem merits"}
