"""What can be set from outside: environment variables, or a `.env` file, with the prefix `MARGINBOT_`."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

OWN_PATHS: Final = ("/healthz", "/readyz", "/metrics")
"""What the bot answers for its operator beside the webhook, and what no proxy hands on with it."""


class SettingsError(Exception):
    """A setting is wrong; the text names it, says what is wrong and what would be right, and never shows a secret."""


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def parse_address(value: Any) -> Any:
    """`host:port`, IPv6 hosts in brackets, e.g. 127.0.0.1:8080. Errors: ValueError."""
    if not isinstance(value, str):
        return value
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError("must be HOST:PORT, for example 127.0.0.1:8080")
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{35}", secret.get_secret_value()):
        raise ValueError("must be a bot token as @BotFather gives it: digits, a colon, 35 characters")
    return secret


def _loopback(address: Address) -> Address:
    if not address.is_loopback:
        raise ValueError("must be an address of this machine only (127.0.0.1, [::1] or localhost)")
    return address


def _http(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+\S*", url):
        raise ValueError("must start with http:// or https:// and name a server")
    return url.rstrip("/")


def _https(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+/\S*", url):
        raise ValueError("must be a public address with a path, for example https://bot.example.org/telegram")
    if unquote(urlsplit(url).path) in OWN_PATHS:
        raise ValueError(f"must not have the path {urlsplit(url).path}, which is the bot's own")
    return url


def usable_database(url: str) -> str:
    """The address of a database that the bot can use, as it is. Errors: ValueError."""
    if not re.match(r"(sqlite\+aiosqlite:///.|postgresql\+asyncpg://.)", url):
        raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return url


def _chat(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[1-9]\d{0,17}", value):
        raise ValueError("must be the id of a chat, for example 123456789 or -1001234567890")
    return value


def _count(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{1,6}", value):
        raise ValueError("must be a whole number, 0 for no limit")
    return value


def _secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("must be 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return secret


ListenAddress = Annotated[Address, NoDecode, BeforeValidator(parse_address)]


def data_folder() -> Path:
    """Where the database and the local chat's state live unless settings say otherwise."""
    return user_data_path("marginbot", appauthor=False)


class Settings(BaseSettings):
    """See docs/settings.md. Field `x` is the variable `MARGINBOT_X`."""

    model_config = SettingsConfigDict(
        env_prefix="MARGINBOT_", env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    api_url: Annotated[str, AfterValidator(_http)] = "https://api.telegram.org"
    database_url: Annotated[str, AfterValidator(usable_database)] = Field(
        default_factory=lambda: f"sqlite+aiosqlite:///{data_folder() / 'marginbot.db'}"
    )
    webhook_url: Annotated[str, AfterValidator(_https)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    listen: Annotated[ListenAddress | None, NoDecode] = None
    local_listen: Annotated[ListenAddress, AfterValidator(_loopback)] = Address("127.0.0.1", 8080)
    pacing: Literal["telegram", "off"] = "telegram"
    admin_chat: Annotated[int, BeforeValidator(_chat)] | None = None
    questions_a_minute: Annotated[int, BeforeValidator(_count)] = 120

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        given = {"webhook_url": self.webhook_url, "webhook_secret": self.webhook_secret, "listen": self.listen}
        absent = [name for name, value in given.items() if value is None]
        if absent and (self.webhook_url or self.webhook_secret):  # to listen alone is for health and metrics
            raise ValueError(f"MARGINBOT_{absent[0].upper()}: is needed too, for webhooks")
        if self.webhook_url and self.token is None:
            raise ValueError("MARGINBOT_TOKEN: is needed for webhooks")
        return self

    @property
    def most_answers(self) -> int:
        """Answers a minute and person, 0 for no limit: unless it is set there is none for loads (pacing off)."""
        set_by_hand = "questions_a_minute" in self.model_fields_set
        return self.questions_a_minute if set_by_hand or self.pacing == "telegram" else 0


def load() -> Settings:
    """Reads the settings. Errors: SettingsError, one line that starts with the variable's name."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise SettingsError(message) from None
        raise SettingsError(f"MARGINBOT_{str(first['loc'][0]).upper()}: {_plain(message)}") from None


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]


def local_address(text: str) -> Address:
    """An address of this machine for the local chat. Errors: SettingsError."""
    try:
        address = parse_address(text)
        return _loopback(address)
    except ValueError as error:
        raise SettingsError(f"--listen: {error}") from None


def local_state() -> Path:
    """The file in which the local chat keeps its people and messages; its folder is created."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "localchat.db"
