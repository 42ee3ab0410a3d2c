"""The words of the bot, one gettext catalogue per language in `locales/`.

A key names a place ("verdict.price"), the catalogue holds the sentence. What is filled into a sentence is escaped
here and nowhere else; the sentences themselves may hold Telegram's HTML.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations
from importlib.resources import files
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

LANGUAGES: Final = ("en",)
FALLBACK: Final = "en"


@lru_cache(maxsize=len(LANGUAGES))
def _translations(language: str) -> GNUTranslations:
    with (files("bot.rendering") / "locales" / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Words:
    """The sentences of one language; in a group those that the catalogue words anew in the context "group"."""

    __slots__ = ("_in_group", "_translations")

    def __init__(self, language: str, *, in_group: bool) -> None:
        self._translations = _translations(language)
        self._in_group = in_group

    @classmethod
    def of(cls, language_code: str | None, *, in_group: bool = False) -> Words:
        """The words for Telegram's language code: that language where there is a catalogue, else English."""
        language = (language_code or FALLBACK).partition("-")[0]
        return _words(language if language in LANGUAGES else FALLBACK, in_group)

    def __call__(self, key: str, /, **values: object) -> Markup:
        """The sentence for `key` as HTML; every value that is not Markup already is escaped."""
        return _filled(self._sentence(key), values)

    def label(self, key: str, /, **values: object) -> str:
        """The sentence for `key` as plain text: for buttons and toasts, which know no HTML."""
        sentence = self._sentence(key)
        return sentence.format(**values) if values else sentence

    def count(self, key: str, number: int, /, **values: object) -> Markup:
        """The sentence for `key` in the plural form of `number`, which it may show as {number}."""
        sentence = self._translations.ngettext(key, key, number)
        return _filled(sentence, {"number": number, **values})

    def _sentence(self, key: str) -> str:
        if self._in_group and (worded := self._translations.pgettext("group", key)) != key:
            return worded
        sentence = self._translations.gettext(key)
        if sentence == key:
            raise KeyError(f"no words for {key!r}")
        return sentence


def _filled(sentence: str, values: Mapping[str, object]) -> Markup:
    # Not Markup.format: sentences hold plain {name} only, and Python's own format is several times as fast.
    return Markup(sentence.format(**{name: escape(value) for name, value in values.items()}))


@lru_cache(maxsize=2 * len(LANGUAGES))
def _words(language: str, in_group: bool) -> Words:
    return Words(language, in_group=in_group)
