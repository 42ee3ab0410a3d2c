"""Letters of other scripts that look like Latin ones: "ВТС" in Cyrillic is BTC."""

from functools import cache

from bot.understanding import coins
from bot.understanding.words import data


@cache
def _table() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pairs in data("lookalikes.json").values() for pair in pairs}


def plain_letters(word: str, raw: str) -> str:
    """The Latin word that an unknown word looks like: where it mixes scripts, or where its look is a coin's name.

    Arguments: word, in lower case; raw, as typed, since capitals look alike where small letters do not ("Н" and "н").
    """
    if word.isascii():
        return word
    plain = raw.translate(_table()).lower()
    if not plain.isascii():
        return word
    mixed = any(letter.isascii() for letter in raw)
    return plain if mixed or coins.find(plain) is not None else word
