"""Why the contracts of projects and their money refuse."""

REASONS: dict[str, str] = {}
