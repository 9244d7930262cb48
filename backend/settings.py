"""Settings of the backend, from the environment (`CITYNET_*`) or a file `.env`."""

from functools import cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may differ from one installation to another. Every field has a default that works on one
    machine.
    """

    model_config = SettingsConfigDict(
        env_prefix="CITYNET_",
        env_file=".env",
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(Path(".citynet"), description="Folder of the embedded database and chain.")
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("CITYNET_DATABASE_URL", "DATABASE_URL"),
        description="postgresql://… of a server; empty: the embedded one in the data folder.",
    )
    rpc_url: str = Field("http://127.0.0.1:8545", description="JSON-RPC of an EVM node.")
    deployment: Path | None = Field(
        None, description="File that names the contracts; unless given: deployment.json in the data folder."
    )
    finality_depth: int = Field(64, ge=1, description="Blocks after which a block is taken as final.")
    poll_seconds: float = Field(0.5, gt=0, description="Seconds between two looks at the chain's head.")
    host: str = Field("127.0.0.1", description="Address that the API listens at.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the API listens at.")
    origin: str = Field(
        "",
        pattern=r"^(https?://[^/?#@\s]+)?$",
        description="Public address of the site, https://host; unless given, that of each request.",
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="Signs cookies: 32 characters or more, the same for all machines of a site; unless "
        "given, made once and kept in the data folder.",
    )

    chain_name: str = Field("CityNet", description="The chain's name as wallets show it.")
    public_rpc_url: str = Field(
        "",
        description="JSON-RPC that wallets may use, offered to one that lacks the chain; empty: none is.",
    )

    relay_key: SecretStr = Field(
        SecretStr(""), description="Private key of the account that the relay sends from."
    )
    relay_keystore: Path | None = Field(None, description="The same as an encrypted file (JSON, version 3).")
    relay_keystore_password: SecretStr = Field(SecretStr(""), description="Of that file.")
    relay_most_fee: int = Field(
        200 * 10**9, ge=1, description="Wei per gas above which the relay waits for a better price."
    )
    relay_tip: int = Field(10**9, ge=0, description="Wei per gas for the maker of a block.")
    relay_patience: float = Field(
        30, gt=0, description="Seconds after which a transaction that is in no block gets a higher fee."
    )
    relay_in_flight: int = Field(
        16, ge=1, le=1000, description="Transactions of the relay that may be sent and not yet in a block."
    )
    relay_low: int = Field(
        200, ge=0, description="Typical actions for which there should be money; below it the status warns."
    )
    relay_account_limit: int = Field(60, ge=1, description="Actions that an account may submit in an hour.")
    relay_city_limit: int = Field(
        5000, ge=1, description="Actions of a city that may be submitted in an hour."
    )
    relay_origin_limit: int = Field(
        600, ge=1, description="Actions prepared (submitted, reported) in an hour from one address."
    )

    @field_validator("secret")
    @classmethod
    def _long(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < 32:
            raise ValueError("a secret has 32 characters or more")
        return secret

    @property
    def deployment_file(self) -> Path:
        return self.deployment or self.data_dir / "deployment.json"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
