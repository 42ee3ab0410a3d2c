"""What a person names behind /learn: a page by its title, topics by a part of theirs, or a word of the glossary,
misspelt or not. What is found is the action of the button that leads there."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from bot.rendering.learn_topics import PAGES, SECTIONS, STORIES, TOPICS
from bot.rendering.words import Words

_ASKING: Final = re.compile(
    r"^\W*(?:(?:please|pls|explain|define|me|about|meaning of|tell me|what(?:['’]?s| is| are| does| do)|"
    r"how (?:is|are|does|do)|the|an?)\b\W*)+|(?:\b(?:mean|works?))?\W*$",
    re.IGNORECASE,
)
_BOLD: Final = re.compile(r"^<b>(.+?)</b>:", re.MULTILINE)


_MEANING: Final = re.compile(
    r"^\W*(?:(?:what(?:['’]?s| is| are)|define|explain|meaning of)\b|what (?:does|do)\b.*\bmean\W*$)", re.IGNORECASE
)


def asks_meaning(text: str) -> bool:
    """Whether a text asks what something is: "what's a pool?", "what does rung mean"."""
    return _MEANING.search(text) is not None


def bare(asked: str) -> str:
    """What is asked about, without the words of asking: "What's ADL?" is about "ADL"."""
    return " ".join(_ASKING.sub("", asked).split())


def titled(asked: str, words: Words) -> str | None:
    """The page that has just this title, or the topic that has this name."""
    pages = {f"g:{page}": f"learn.{page}" for page in PAGES} | {"stories": "learn.stories", "quiz": "learn.quiz"}
    pages |= {f"s:{each.name}": each.title for each in SECTIONS} | {f"p:{name}": key for name, key in STORIES.items()}
    names = {_plain(words.label(key)): action for action, key in pages.items()}
    names |= {_plain(name): f"t:{name}" for name in TOPICS} | dict(_titles(words))
    return names.get(_plain(asked)) or names.get(_plain(bare(asked)))


def near(asked: str, words: Words) -> tuple[str, ...]:
    """The topics in whose titles all that is asked about occurs; without one the glossary, when that has it."""
    titles, listed = _titles(words), _listed(words)
    known = {word for title, _ in (*titles, *listed) for word in title.split()}
    wanted = {_mended(word, known) for word in _plain(bare(asked)).split()}
    found = (dict.fromkeys(to for title, to in each if wanted <= set(title.split())) for each in (titles, listed))
    return next((tuple(actions) for actions in found if wanted and actions), ())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))


def _titles(words: Words) -> list[tuple[str, str]]:
    return [(_plain(words.label(topic.title)), f"t:{name}") for name, topic in TOPICS.items()]


def _listed(words: Words) -> list[tuple[str, str]]:
    bold = (Markup(each).striptags() for each in _BOLD.findall(words.label("words.text")))
    return [(_plain(term), "g:words") for terms in bold for term in terms.split(",")]


def _mended(word: str, known: set[str]) -> str:
    """The word that a misspelt one of five letters or more is an edit away from, of eight or more two."""
    if word in known or len(word) < 5:
        return word
    hit = extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=2 if len(word) >= 8 else 1)
    return hit[0] if hit is not None else word
