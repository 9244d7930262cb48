"""Why the contracts of projects and their money refuse."""

from backend.projects.reasons import campaign, factory, pool, registry

REASONS = registry.REASONS | campaign.REASONS | factory.REASONS | pool.REASONS
