"""Settings, frozen, built once in the app factory or the command line from the environment (prefix ``LAKANA_``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the machine is told.

    ``database_url`` is the owner's address of a PostgreSQL database of your own; without it the private cluster under
    ``data_dir`` is used.
    """

    model_config = SettingsConfigDict(env_prefix="LAKANA_", frozen=True, extra="ignore")

    database_url: SecretStr | None = None
    data_dir: Path = Path(".lakana")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API from a browser; none by default, ``["*"]`` for all."""
    connections: int = Field(default=8, ge=1, le=64)
    """Database connections for the anonymous login."""
    release_key: SecretStr | None = None
    """Key K of the rounding of counts, in hexadecimal; else the file ``release.key`` in ``data_dir``, made at need."""
