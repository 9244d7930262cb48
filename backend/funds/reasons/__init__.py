"""Why the contracts of funds refuse."""

from backend.funds.reasons import avatar, factory

REASONS = avatar.REASONS | factory.REASONS
