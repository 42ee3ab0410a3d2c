"""All known words in one index: the phrases by their first word, and the word that a misspelt one was meant to be."""

from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.understanding import coins, venues, words
from bot.understanding.lexer import lex
from bot.understanding.topic_rules import topic_vocabulary
from bot.understanding.words import LANGUAGES, Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """The words of a phrase, what they mean, and the languages other than English that say it so, none for English."""

    words: tuple[str, ...]
    concept: Concept
    langs: frozenset[str]


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """First word -> the phrases that begin with it, longest first; where two languages differ the earlier one holds."""
    found: dict[tuple[str, ...], tuple[Concept, set[str]]] = {}
    for language in LANGUAGES:
        for concept, row in words.phrases(language).items():
            for text in row:
                parts = tuple(piece.text for piece in lex(text, _has_digits) if piece.text not in "-./")
                meaning, languages = found.setdefault(parts, (concept, set()))
                if meaning is concept:
                    languages.add(language)
    by_first: dict[str, list[Phrase]] = {}
    for parts, (concept, languages) in found.items():
        langs = frozenset() if "en" in languages else frozenset(languages)
        by_first.setdefault(parts[0], []).append(Phrase(words=parts, concept=concept, langs=langs))
    return {first: tuple(sorted(rows, key=lambda row: -len(row.words))) for first, rows in by_first.items()}


def _has_digits(run: str) -> bool:
    return not run.isalpha()


@cache
def known_words() -> frozenset[str]:
    """Words that are right as they are: those of the concept tables, of the topic rules and of the events' names."""
    named = {word for names in words.data("events.json").values() for name in names for word in name.split()}
    return topic_vocabulary().union(named, (word for rows in phrases().values() for row in rows for word in row.words))


@cache
def _correctable() -> tuple[str, ...]:
    spoken = [phrase.split() for row in words.phrases("en").values() for phrase in row]
    # A short word that only occurs inside a phrase ("take it back") is nobody's typo.
    english = {word for parts in spoken for word in parts if len(word) >= (4 if len(parts) == 1 else 6)}
    long_enough = {word for word in english if word.isalpha()} - words.listed("never_corrected_to")
    places = {word for word in venues.single_words() if len(word) >= 4 and word.isascii()}
    return tuple(sorted(long_enough | places | set(coins.names_to_correct())))


@cache
def cjk_terms() -> tuple[str, ...]:
    """Chinese words to set apart from the text around them, longest first."""
    terms = {phrase for row in words.phrases("zh").values() for phrase in row}
    return tuple(sorted(terms | set(coins.chinese()) | {"倍", "万", "千"}, key=lambda term: (-len(term), term)))


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
