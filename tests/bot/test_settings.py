"""Settings: each wrong one stops the start with one line that names it, and no secret is shown."""

import os
from pathlib import Path

import pytest

from bot.settings import Address, SettingsError, load, local_address

TOKEN = "1234567:" + "t" * 35


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("MARGINBOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_defaults_of_the_documentation_hold() -> None:
    settings = load()
    assert settings.token is None
    assert settings.api_url == "https://api.telegram.org"
    assert settings.database_url.startswith("sqlite+aiosqlite:///")
    assert settings.local_listen == Address("127.0.0.1", 8080)
    assert settings.pacing == "telegram"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "12345:short"),
        ("API_URL", "api.telegram.org"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("WEBHOOK_URL", "https://no-path.example"),
        ("WEBHOOK_SECRET", "no spaces allowed"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LOCAL_LISTEN", "0.0.0.0:8080"),
        ("LOCAL_LISTEN", "192.168.1.5:8080"),
        ("PACING", "fast"),
        ("WEBHOOK_URL", "https://bot.example/healthz"),
        ("ADMIN_CHAT", "0"),
        ("ADMIN_CHAT", "1e5"),
        ("QUESTIONS_A_MINUTE", "-1"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MARGINBOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).startswith(f"MARGINBOT_{name}: ")
    assert "\n" not in str(caught.value)


def test_a_wrong_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARGINBOT_TOKEN", "1234567:" + "t" * 34)
    with pytest.raises(SettingsError) as caught:
        load()
    assert "ttt" not in str(caught.value)


def test_half_a_webhook_names_what_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARGINBOT_TOKEN", TOKEN)
    monkeypatch.setenv("MARGINBOT_WEBHOOK_URL", "https://bot.example/hook")
    monkeypatch.setenv("MARGINBOT_LISTEN", "[::1]:8443")
    with pytest.raises(SettingsError, match=r"^MARGINBOT_WEBHOOK_SECRET: is needed too"):
        load()


def test_to_listen_alone_is_for_health_beside_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARGINBOT_LISTEN", "127.0.0.1:8443")
    assert load().listen == Address("127.0.0.1", 8443)
    monkeypatch.setenv("MARGINBOT_WEBHOOK_SECRET", "s")
    with pytest.raises(SettingsError, match=r"^MARGINBOT_WEBHOOK_URL: is needed too"):
        load()


@pytest.mark.parametrize(
    ("given", "most"),
    [
        ({}, 120),
        ({"PACING": "off"}, 0),
        ({"PACING": "off", "QUESTIONS_A_MINUTE": "7"}, 7),
        ({"QUESTIONS_A_MINUTE": "0"}, 0),
    ],
)
def test_a_persons_limit_is_off_for_loads_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], most: int
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"MARGINBOT_{name}", value)
    assert load().most_answers == most


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"MARGINBOT_TOKEN={TOKEN}\nMARGINBOT_PACING=off\n")
    settings = load()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.pacing == "off"
    assert TOKEN not in repr(settings)


def test_the_local_chat_alone_listens_on_this_machine_only() -> None:
    assert local_address("[::1]:9000") == Address("::1", 9000)
    with pytest.raises(SettingsError, match=r"^--listen: must be an address of this machine only"):
        local_address("0.0.0.0:9000")
