"""The facts of the domain: what `CityRegistry` writes."""

from backend.chain.facts import Index

CONTRACTS = ("CityRegistry",)

INDEXES = (
    Index("citizen_registered", "wallet"),
    Index("citizen_registered", "city_id", "nullifier"),
    Index("recovered", "old_wallet"),
    Index("recovered", "new_wallet"),
    Index("recovery_proposed", "old_wallet"),
    Index("city", "content"),
    Index("city", "steward"),
    Index("city_role", "account"),
)
