"""A message as typed -> plain text that the lexer can read: one form of each letter, dash, quote and space."""

import re
import unicodedata
from decimal import Decimal

from bot.understanding.worded import with_digits

LONGEST = 4096
"""Characters that are read; Telegram's own limit of a message."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("’‘`´ʼ", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff\u00ad", ""),
        **dict.fromkeys("\r\v\f\u2028\u2029\x1c\x1d\x1e\x85", "\n"),
        "，": ",",
        "：": ":",
        "。": ". ",
        "→": "->",
        "➡": "->",
        "≈": "~",
        "×": "x",
        "✖": "x",
    }
)

EMOJI = {
    "📈": "emojiup",
    "📉": "emojidown",
    "🟢": "emojilong",
    "🔴": "emojishort",
    "🐂": "emojilong",
    "🐻": "emojishort",
    "⬆": "emojiup",
    "⬇": "emojidown",
    "🔺": "emojiup",
    "🔻": "emojidown",
    "🎯": "takeprofit",
    "⛔": "stoploss",
    "🛑": "stoploss",
}
_EMOJI = re.compile("|".join(EMOJI))
_FRACTION = re.compile(r"([0-9]+)? ?([¼½¾⅐-⅞])")
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u9fff]+)")


def normalise(text: str, cjk_terms: tuple[str, ...] = ()) -> str:
    """The text in one form: NFKC, one kind of dash, quote and space, emoji as words, Chinese terms set apart.

    Arguments: text, any string, of which the first 4096 characters are read; cjk_terms, Chinese words to set apart,
    longest first. Result: the text, its letters' case kept (capitals tell a coin from a word).
    """
    plain = _FRACTION.sub(_as_decimal, text[:LONGEST].translate(_SAME))
    plain = unicodedata.normalize("NFKC", plain)[:LONGEST].translate(_SAME)
    plain = _EMOJI.sub(lambda hit: f" {EMOJI[hit.group()]} ", plain)
    if not plain.isascii() and _CJK.search(plain):
        terms = re.compile("|".join(map(re.escape, cjk_terms)) or r"(?!)")
        plain = with_digits(plain)
        plain = terms.sub(lambda hit: f" {hit.group()} ", plain)
    return plain


def _as_decimal(hit: re.Match[str]) -> str:
    """ "1½" -> " 1.5": the compatibility form would be read as eleven halves."""
    above, below = unicodedata.normalize("NFKC", hit[2]).split("\u2044")
    return f" {(Decimal(hit[1] or 0) + round(Decimal(above) / Decimal(below), 12)).normalize():f} "
