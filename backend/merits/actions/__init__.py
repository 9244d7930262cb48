"""What people do with merits, from their own wallets or by signature through the relay."""

from backend.merits.actions.vouchers import FULFIL, REDEEM

ACTIONS = (REDEEM, FULFIL)
