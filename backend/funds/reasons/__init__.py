"""Why the contracts of funds refuse."""

REASONS: dict[str, str] = {}
