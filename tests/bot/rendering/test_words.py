"""The words live in one place: every key that is used exists, and every key that exists is used."""

import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from markupsafe import Markup

import bot
from bot.rendering.notes import age
from bot.rendering.words import LANGUAGES, Words

HOUSE = Path(bot.__file__).parent
SOURCES = [
    path.read_text(encoding="utf-8")
    for path in (
        HOUSE / "app.py",
        *(p for room in ("rendering", "services", "flows") for p in (HOUSE / room).rglob("*.py")),
    )
]
TELEGRAMS_TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}


def keys_in_catalogue(language: str) -> set[str]:
    with (files("bot.rendering") / "locales" / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}


def keys_in_code() -> set[str]:
    places = "|".join(sorted({key.partition(".")[0] for key in keys_in_catalogue("en")}))
    keys = {key for source in SOURCES for key in re.findall(rf'"((?:{places})\.[a-z_]+)"', source)}
    notes = {name for source in SOURCES for name in re.findall(r'Note\(\s*name="([a-z_]+)"', source)}
    reasons = {
        name
        for source in SOURCES
        for name in re.findall(r'"(cannot_[a-z]+)"|why="([a-z_]+)"|else "(coin_collateral|any_size_of)"', source)
        for name in name
    }
    chosen = {
        name
        for source in SOURCES
        for pair in re.findall(r'name = "([a-z_]+)" if .* else "([a-z_]+)"', source)
        for name in pair
    }
    fuller = {"any_size_full", "leverage_stands_in", "entry_is_price_of"}
    return keys | {f"note.{name}" for name in notes | reasons | chosen | fuller if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_used_exists_and_every_key_is_used(language: str) -> None:
    assert keys_in_code() == keys_in_catalogue(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_have_only_tags_that_telegram_knows(language: str) -> None:
    text = (files("bot.rendering") / "locales" / f"{language}.po").read_text(encoding="utf-8")
    assert set(re.findall(r"</?([a-z]+)", text)) <= TELEGRAMS_TAGS


def test_what_is_filled_in_is_escaped_and_markup_is_not_escaped_twice() -> None:
    words = Words.of("en")
    assert words("note.unreadable", text="<b>&") == Markup("I could not read “&lt;b&gt;&amp;”.")
    assert words("distance.below", percent="4.6%", reference=Markup("<b>entry</b>")) == "4.6% below <b>entry</b>"


def test_labels_are_plain_text() -> None:
    assert Words.of("en").label("button.use_wallet", wallet="<5 & 6>") == "Use <5 & 6>"


def test_a_language_without_a_catalogue_gets_english() -> None:
    assert Words.of("de")("mode.isolated") == "Isolated"
    assert Words.of(None)("mode.cross") == "Cross"


def test_numbers_of_things_have_their_plural() -> None:
    words = Words.of("en")
    facts = {"wallet": "5", "asset": "USDT"}
    assert (
        words.count("note.account_counted", 1, **facts) == "Cross counts your account: 5 USDT and your saved position."
    )
    assert words.count("note.account_counted", 3, **facts).endswith("and your 3 saved positions.")


def test_a_key_without_words_is_an_error_not_a_sentence() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        Words.of("en")("no.such")


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=90), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_ages_are_rounded_down(duration: timedelta, words: str) -> None:
    assert age(duration, Words.of("en")) == words
