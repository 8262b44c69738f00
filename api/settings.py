"""Settings, frozen, built once in the app factory or the command line from the environment (prefix ``LAKANA_``)."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    Field,
    IPvAnyNetwork,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from geo.errors import SetupError

SECURE_URL = re.compile(r"https://[^/\s]|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)")
"""Addresses that may tell us whose token to trust: encrypted, or on this machine."""
POSTGRESQL_URL = re.compile(r"postgres(ql)?://[^\s]*/[^\s/?]")
"""It must name a database; otherwise PostgreSQL would take the one named after the user."""

REDIS_URL = re.compile(r"(rediss?|unix)://[^\s]+")

PREFIX = "LAKANA_"
KEY = "LAKANA_KEY"
"""A variable that ``lakana export`` reads: it is of whoever exports, and no setting."""
OF_THE_TESTS = "LAKANA_TEST_"


def default_data_dir() -> Path:
    """Return ``.lakana`` of the running checkout; for an installed package, the user's data folder.

    It is never relative to the current directory: a command run elsewhere would start a second database.
    """
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".lakana"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lakana"


class Settings(BaseSettings):
    """The settings of this server.

    ``database_url`` is the owner's address of a PostgreSQL database of your own; without it the private cluster under
    ``data_dir`` is used.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: SecretStr | None = None
    read_database_urls: tuple[SecretStr, ...] = ()
    """The owner's addresses of streaming replicas of the database, which answer reads."""
    shared_url: SecretStr | None = None
    """The address of a Redis, in which several processes keep budgets and counts of bad keys together."""
    data_dir: Path = Field(default_factory=default_data_dir)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API from a browser; none by default, ``["*"]`` for all."""
    workers: int = Field(default=1, ge=1, le=16)
    """Processes that answer requests. They share the address, and each has its part of every limit (:meth:`part`)."""
    connections: int = Field(default=8, ge=1, le=64)
    """Database connections per login: there is one login for each audience, and one that looks up keys."""
    seed: str | None = None
    """The folder of the pack that an empty database is filled with, or ``none``; by default that of the seeds."""
    release_key: SecretStr | None = None
    """Key K, which rounds counts, in hexadecimal; by default the file ``release.key`` in ``data_dir``, made if
    missing."""
    key_pepper: SecretStr | None = None
    """The key that hashes API keys, in hexadecimal; by default the file ``pepper`` in ``data_dir``, made if missing."""
    oidc_issuer: str | None = None
    """The OpenID Connect provider of people's tokens, exactly as in their ``iss``."""
    oidc_audience: str | None = None
    """What a token must contain in ``aud``: the provider's name for this service."""
    cost_per_minute: dict[Literal["public", "partner", "planner", "custodian", "steward"], PositiveInt] = {}
    """Budgets that replace the usual ones, by audience."""
    certificate: Path | None = None
    """The certificate with which the proxy serves this service, in PEM, to be told before it is over."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """What ``/metrics`` asks for as ``Authorization: Bearer``; without it, it asks for nothing."""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    """Addresses or networks whose ``X-Forwarded-For`` we trust for the client's address; from others it is ignored."""

    def part(self, whole: int) -> int:
        """Return what one process has of something that all have together: at least one of it."""
        return max(1, whole // self.workers)

    def replica_urls(self) -> list[str]:
        """Return the addresses of the replicas in the clear."""
        return [each.get_secret_value() for each in self.read_database_urls]

    @field_validator("database_url", "read_database_urls")
    @classmethod
    def _is_an_address(
        cls, given: SecretStr | tuple[SecretStr, ...] | None
    ) -> SecretStr | tuple[SecretStr, ...] | None:
        for url in given if isinstance(given, tuple) else filter(None, [given]):
            if not POSTGRESQL_URL.match(url.get_secret_value()):
                raise ValueError("give the address of a PostgreSQL database, as postgresql://user@host/name")
        return given

    @field_validator("shared_url")
    @classmethod
    def _is_redis(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not REDIS_URL.match(url.get_secret_value()):
            raise ValueError("give the address of a Redis, as redis://host:6379/0, rediss:// or unix://")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _is_secure(cls, issuer: str | None) -> str | None:
        if issuer is not None and not SECURE_URL.match(issuer):
            raise ValueError("give the provider's https:// address")
        return issuer

    @model_validator(mode="after")
    def _is_whole(self) -> Settings:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("LAKANA_OIDC_ISSUER and LAKANA_OIDC_AUDIENCE go together: set both or neither")
        return self


def load(**given: Any) -> Settings:
    """Return the settings of the environment, overridden by the given ones.

    Raises
    ------
    SetupError
        If one is wrong or misspelt. The text names it without its value, which may be an address with a password.

    """
    _check_names(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except SettingsError as error:
        field = str(error).partition('field "')[2].partition('"')[0]
        raise SetupError(f'LAKANA_{field.upper()} is not JSON; a list is written ["https://example.org"].') from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        problem = first["msg"].removeprefix("Value error, ")
        name = "_".join(map(str, first["loc"][:1])).upper()
        raise SetupError(f"LAKANA_{name}: {problem}." if name else f"{problem}.") from None


def _check_names(environment: Mapping[str, str]) -> None:
    """Refuse an unknown variable with our prefix: a misspelt setting would otherwise be ignored silently."""
    known = [*(f"{PREFIX}{name.upper()}" for name in Settings.model_fields), KEY]
    for name in environment:
        if name.upper().startswith(PREFIX) and not name.startswith(OF_THE_TESTS) and name.upper() not in known:
            alike = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"did you mean {alike[0]}?" if alike else f"the settings are {', '.join(known)}."
            raise SetupError(f"{name} is no setting; {hint}")
