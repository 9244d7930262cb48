"""CityNet ledger: what the contracts wrote, indexed, served and audited."""
