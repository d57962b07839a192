"""One validated table of settings, read once from the environment (prefix `KAART_`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from knowledge.encoder import MODEL, Model

ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """Every setting with its default; a wrong value stops the start with the name of the setting."""

    model_config = SettingsConfigDict(env_prefix="KAART_", extra="ignore", frozen=True)

    kaart: Path = Field(ROOT / "sociale_kaart/nijmegen", description="Folder of the kaart that answers at `/`.")
    other_kaarten: Annotated[tuple[Path, ...], NoDecode] = Field(
        (ROOT / "sociale_kaart/vught",), description="Folders of more kaarten, with commas; each answers at `/its-id/`."
    )
    model: str = Field(
        "", description="The encoder: a sentence-transformers folder, or the name of one on this machine; empty: the shipped one."
    )
    query_prefix: str = Field("", description="What that encoder wants before a question, such as `query: `.")
    passage_prefix: str = Field("", description="What that encoder wants before a text of the kaart, such as `passage: `.")
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
    two_factor: Literal["auto", "optional", "required"] = Field(
        "auto",
        description="A code of an app at each desk login: `required`, `optional`, or `auto`: "
        "required as soon as others than this machine can reach the desk.",
    )
    audit_days: int = Field(
        365, ge=180, le=3650, description="Days that `kaart audit prune` keeps lines of the desk's audit log."
    )
    retention_days: int = Field(28, ge=1, le=365, description="Days after the last message that a conversation is deleted.")
    signals_fewest: int = Field(5, ge=3, le=100, description="Fewest people that a number or a group of questions may come from.")
    card_days: int = Field(90, ge=1, le=730, description="Days that a volunteer's referral card is valid.")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only; set it wherever a proxy gives HTTPS.")
    smtp_host: str = Field("", description="Mail server for reminders and warnings; empty: no mail is sent.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_starttls: bool = Field(True, description="Encrypt the way to the mail server; without it no password is sent.")
    smtp_user: str = Field("", description="Login at the mail server; empty: without.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_from: str = Field("", description="Address that mails come from.")
    escalation_minutes: int = Field(
        15, ge=1, le=1440, description="Minutes that someone may wait for a person before the desk is warned; in its hours."
    )
    escalation_mail: str = Field("", description="Address that is then warned by mail, without content; empty: no mail.")
    escalation_webhook: SecretStr = Field(
        SecretStr(""), description="Web address that then gets a POST, without content; empty: none."
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="Signs links in mails; apps for login codes come from it too; empty: made once and kept in the data folder.",
    )
    whatsapp_token: SecretStr = Field(SecretStr(""), description="Access token of the WhatsApp Cloud API; empty: no WhatsApp.")
    whatsapp_app_secret: SecretStr = Field(SecretStr(""), description="App secret: WhatsApp signs with it what it sends us.")
    whatsapp_verify_token: SecretStr = Field(SecretStr(""), description="Chosen by us; proves WhatsApp's first call.")
    whatsapp_towns: str = Field(
        "", description="Whose WhatsApp number it is: `phone_number_id:town`, with commas; a number not named: the first town's."
    )
    whatsapp_api: str = Field("https://graph.facebook.com", description="Where the Graph API is.")
    whatsapp_version: str = Field("v25.0", pattern=r"^v[0-9]+\.0$", description="Version of the Graph API.")
    whatsapp_media_host: str = Field("lookaside.fbsbx.com", description="The one host that photos and voice notes come from.")
    whatsapp_media_days: int = Field(7, ge=1, le=7, description="Days the desk can open photos and voice notes.")
    whatsapp_media_megabytes: int = Field(20, ge=1, le=100, description="Largest photo or document that the desk opens.")
    whatsapp_per_second: int = Field(20, ge=1, le=80, description="WhatsApp messages sent in a second, to all people together.")
    whatsapp_spacing: float = Field(6.0, ge=0, le=60, description="Seconds between messages to one person, after a burst of ten.")
    whatsapp_unsure_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="Wait this long for word of a message that may have been sent, before it is sent again.",
    )
    whatsapp_stale_hours: int = Field(12, ge=1, le=23, description="A message that reaches us later is not answered as new.")
    whatsapp_templates: str = Field(
        "",
        description="Approved templates that say an answer waits: `language:name`, with commas; `ti:name/en` is in English.",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Level of the logs.")

    @property
    def encoder(self) -> Model:
        """The encoder with its prefixes."""
        return Model(self.model or str(MODEL), self.query_prefix, self.passage_prefix)

    @property
    def database(self) -> str:
        """The SQLAlchemy address that is used."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'kaart.db'}"

    @property
    def second_step_required(self) -> bool:
        """Whether every desk login needs a code of an app."""
        outside = bool(self.public_url) or self.host not in ("127.0.0.1", "::1", "localhost")
        return self.two_factor == "required" or (self.two_factor == "auto" and outside)

    @property
    def bot_memory(self) -> Path:
        """Rasa's own SQLite file."""
        return (self.data / "rasa.db").resolve()

    @property
    def bot_database(self) -> str:
        """The SQLAlchemy address of Rasa's own store, from which we delete what must be forgotten."""
        return f"sqlite+aiosqlite:///{self.bot_memory}"

    @field_validator("other_kaarten", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whatsapp_whole(self) -> Self:
        secrets = (self.whatsapp_token, self.whatsapp_app_secret, self.whatsapp_verify_token)
        if 0 < sum(bool(secret.get_secret_value()) for secret in secrets) < len(secrets):
            raise ValueError("WhatsApp needs KAART_WHATSAPP_TOKEN, KAART_WHATSAPP_APP_SECRET and KAART_WHATSAPP_VERIFY_TOKEN")
        return self

    @model_validator(mode="after")
    def _towns_served(self) -> Self:
        """Who writes to a number of a town that nobody serves would stand in nobody's queue."""
        served = {folder.name for folder in self.kaarten}
        strange = [f"{number}:{town}" for number, town in pairs(self.whatsapp_towns).items() if town not in served]
        if strange:
            raise ValueError(f"KAART_WHATSAPP_TOWNS names a town that is not served: {', '.join(strange)}")
        return self

    @model_validator(mode="after")
    def _can_warn(self) -> Self:
        """A warning that could never arrive is worse than none: nobody would look."""
        if self.escalation_mail and not (self.smtp_host and self.smtp_from):
            raise ValueError("KAART_ESCALATION_MAIL needs KAART_SMTP_HOST and KAART_SMTP_FROM")
        webhook = self.escalation_webhook.get_secret_value()
        if webhook and not webhook.startswith(("https://", "http://")):
            raise ValueError("KAART_ESCALATION_WEBHOOK must begin with https:// or http://")
        return self

    @property
    def whatsapp_on(self) -> bool:
        """Whether there is a WhatsApp number to serve."""
        return bool(self.whatsapp_token.get_secret_value())

    @property
    def kaarten(self) -> tuple[Path, ...]:
        """The folders of all kaarten; the first answers at `/`."""
        return (self.kaart, *self.other_kaarten)

    def index(self, kaart: Path) -> Path:
        """Folder of the index of one kaart."""
        return self.data / "index" / kaart.name

    @property
    def address(self) -> str:
        """Where people find the assistant."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def pairs(text: str) -> dict[str, str]:
    """`a:b,c:d` as a mapping."""
    named = (part.partition(":") for part in text.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in named}
