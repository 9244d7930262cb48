"""From the queue into the ledger, whatever happens on the way."""

from tests.backend.relay.town import Town


def test_a_queued_action_is_sent_included_confirmed_and_final(town: Town) -> None:
    who = town.citizens[0]
    id = town.redeem(who)
    town.turn()
    assert town.action(id)["state"] in ("sent", "included")
    town.turn()
    included = town.action(id)
    assert included["state"] == "included"
    town.index()
    town.turn()
    confirmed = town.action(id)
    assert confirmed["state"] == "confirmed"
    assert confirmed["tx_hash"] == included["tx_hash"]
    assert confirmed["path"].startswith("vouchers/") or confirmed["path"].startswith("wallet/")
    assert town.vouchers(who) == 1
    town.chain.mine(70)
    town.index()
    town.turn()
    assert town.action(id)["state"] == "final"
