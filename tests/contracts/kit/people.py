"""Who acts in the tests: anvil's own accounts, whose keys follow from its public mnemonic."""

from __future__ import annotations

from eth_account import Account

MNEMONIC = "test test test test test test test test test test test junk"
ROLES = (
    *("deployer", "operator", "steward", "verifier", "moderator", "partner", "expert", "treasurer"),
    *("other_steward", "other_verifier", "other_moderator", "other_partner"),
    *("sponsor", "other_sponsor", "stranger", "relayer"),
    *("citizen", "neighbour", "third", "guest"),
    *("new_wallet", "newer_wallet", "newest_wallet", "spare_wallet"),
    *("author", "member"),
    *("organisation", "fund_manager", "appraiser"),
)


class Person(str):
    """An address, checksummed, with the name and the key of its owner."""

    name: str
    key: str

    @classmethod
    def make(cls, name: str, index: int) -> Person:
        account = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
        person = cls(account.address)
        person.name, person.key = name, account.key.hex()
        return person

    def __repr__(self) -> str:
        return self.name


def everybody() -> dict[str, Person]:
    Account.enable_unaudited_hdwallet_features()
    return {name: Person.make(name, index) for index, name in enumerate(ROLES)}
