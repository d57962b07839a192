"""One validated table of settings, read once from the environment (prefix `KAART_`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """Every setting with its default; a wrong value stops the start with the name of the setting."""

    model_config = SettingsConfigDict(env_prefix="KAART_", extra="ignore", frozen=True)

    kaart: Path = Field(ROOT / "sociale_kaart/nijmegen", description="Folder of the kaart.")
    model: Path = Field(ROOT / "knowledge/model", description="Folder of the sentence-transformers encoder.")
    data: Path = Field(ROOT / "var", description="Folder for the database, the index and logs.")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in the data folder.")
    host: str = Field("127.0.0.1", description="Address to listen on. The default is reachable from this machine only.")
    port: int = Field(8000, ge=1, le=65535, description="Port of the web server.")
    public_url: str = Field("", description="Address people use, when a proxy stands in front; empty: host and port.")
    bot_start: bool = Field(True, description="Whether `kaart serve` starts Rasa itself.")
    bot_url: str = Field("http://127.0.0.1:5005", description="Address of Rasa.")
    bot_token: SecretStr = Field(SecretStr(""), description="Shared secret for Rasa's calls; empty: a new one at each start.")
    bot_timeout: float = Field(5.0, gt=0, le=60, description="Seconds to wait for Rasa before search answers directly.")
    message_limit: int = Field(2000, ge=100, le=20000, description="Longest message, in characters.")
    messages_per_minute: int = Field(20, ge=1, le=1000, description="Messages one conversation may send in a minute.")
    logins_per_quarter: int = Field(10, ge=1, le=1000, description="Login attempts per account or address in 15 minutes.")
    session_hours: int = Field(10, ge=1, le=72, description="Hours a desk login lasts.")
    retention_days: int = Field(28, ge=1, le=365, description="Days after the last message that a conversation is deleted.")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only; set it wherever a proxy gives HTTPS.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Level of the logs.")

    @property
    def database(self) -> str:
        """The SQLAlchemy address that is used."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'kaart.db'}"

    @property
    def bot_memory(self) -> Path:
        """Rasa's own SQLite file."""
        return (self.data / "rasa.db").resolve()

    @property
    def bot_database(self) -> str:
        """The SQLAlchemy address of Rasa's own store, from which we delete what must be forgotten."""
        return f"sqlite+aiosqlite:///{self.bot_memory}"

    @property
    def index(self) -> Path:
        """Folder of the index of this kaart."""
        return self.data / "index" / self.kaart.name

    @property
    def address(self) -> str:
        """Where people find the assistant."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
