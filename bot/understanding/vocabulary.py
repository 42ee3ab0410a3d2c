"""All known words in one index: the phrases by their first word, and the word that a misspelt one was meant to be."""

from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.understanding import coins, words
from bot.understanding.lexer import lex
from bot.understanding.topic_rules import topic_vocabulary
from bot.understanding.words import LANGUAGES, Concept

_NEVER_CORRECTED_TO = frozenset(
    ("lower", "higher", "holding", "others", "handle", "stand", "sustain", "likely", "within", "extra")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """The words of a phrase, what they mean, and their language, "" for English."""

    words: tuple[str, ...]
    concept: Concept
    lang: str


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """First word -> the phrases that begin with it, longest first; where two languages differ the earlier one holds."""
    found: dict[tuple[str, ...], Phrase] = {}
    for language in LANGUAGES:
        for concept, row in words.phrases(language).items():
            for text in row:
                parts = tuple(piece.text for piece in lex(text, _has_digits) if piece.text not in "-./")
                lang = "" if language == "en" else language
                found.setdefault(parts, Phrase(words=parts, concept=concept, lang=lang))
    by_first: dict[str, list[Phrase]] = {}
    for parts, phrase in found.items():
        by_first.setdefault(parts[0], []).append(phrase)
    return {first: tuple(sorted(rows, key=lambda row: -len(row.words))) for first, rows in by_first.items()}


def _has_digits(run: str) -> bool:
    return not run.isalpha()


@cache
def known_words() -> frozenset[str]:
    """Words that are right as they are: those of the concept tables and of the topic rules."""
    return topic_vocabulary().union(word for rows in phrases().values() for row in rows for word in row.words)


@cache
def _correctable() -> tuple[str, ...]:
    english = {word for row in words.phrases("en").values() for phrase in row for word in phrase.split()}
    long_enough = {word for word in english if len(word) >= 4 and word.isalpha()} - _NEVER_CORRECTED_TO
    return tuple(sorted(long_enough | set(coins.names_to_correct())))


@cache
def cjk_terms() -> tuple[str, ...]:
    """Chinese words to set apart from the text around them, longest first."""
    terms = {phrase for row in words.phrases("zh").values() for phrase in row}
    return tuple(sorted(terms | set(coins.CHINESE) | {"倍", "万", "千"}, key=lambda term: (-len(term), term)))


@lru_cache(maxsize=4096)
def corrected(word: str) -> str:
    """The trading word that a misspelt word was meant to be; the word itself when none is near or two are equally near.

    One edit (or two neighbours swapped) is forgiven from four letters on, two from eight; the first letter must be
    right, and a four-letter word may only have letters swapped or one left out.
    """
    if len(word) < 4 or len(word) > 20 or not word.isalpha() or word in coins.plain_words():
        return word
    allowed = 2 if len(word) >= 8 else 1
    near = extract(word, _correctable(), scorer=OSA.distance, score_cutoff=allowed, limit=8)
    hits = [(distance, name) for name, distance, _ in near if name[0] == word[0] or sorted(name) == sorted(word)]
    if len(word) == 4:
        hits = [hit for hit in hits if len(hit[1]) == 5 or sorted(hit[1]) == sorted(word)]
    best = sorted(hits)
    meanings = {_meaning(name) for distance, name in best if distance == best[0][0]}
    return best[0][1] if len(meanings) == 1 else word


def _meaning(word: str) -> str:
    coin = coins.find(word)
    row = next((row for row in phrases().get(word, ()) if len(row.words) == 1), None)
    return coin.symbol if coin else row.concept if row else word
