"""What people do with merits, from their own wallets or by signature through the relay."""

from backend.merits.actions import awards, offers, rules, vouchers

ACTIONS = (*vouchers.ACTIONS, *offers.ACTIONS, *awards.ACTIONS, *rules.ACTIONS)
