"""How a message was read, for people who want to know: its tokens, the possible readings, and why one won."""

from __future__ import annotations

from bot.understanding.candidates import Candidate, candidates, short_candidate
from bot.understanding.lexer import Piece
from bot.understanding.readings import Context, Json, parsed_json
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.understand import asks_of
from bot.understanding.words import Concept


def trace(text: str, context: Context | None = None) -> list[Json]:
    """For each ask of a message: its typed tokens, every candidate reading with its score, and why the first one won.

    Arguments: as those of `understand`. Result: plain JSON values; slow beside `understand`, since readings that
    cannot win are worked out too.
    """
    known = context or Context()
    message = tagged(text)
    short = short_candidate(message, known)
    return [_of_ask(part, known, first=short) for part, _ in asks_of(message, known)]


def _of_ask(message: Message, context: Context, *, first: Candidate | None) -> Json:
    found = ([first] if first else []) + candidates(message, context, every=True)
    return {
        "tokens": [_token(piece, message.roles.get(index)) for index, piece in enumerate(message.pieces)],
        "candidates": [_candidate(candidate) for candidate in found],
        "won": _verdict(found),
    }


def _token(piece: Piece, role: Concept | None) -> Json:
    """A token as typed, its type, and what it was taken for."""
    typed: dict[str, Json] = {"text": piece.raw, "type": _type(piece)}
    if piece.text != piece.raw.lower():
        typed["read_as"] = piece.text
    if piece.number:
        values = [f"{piece.number.sign}{value.normalize():f}" for value in piece.number.values]
        typed |= {"values": values, "unit": piece.number.asset or piece.number.unit}
    if piece.coin:
        typed["coin"] = piece.coin.symbol
    return typed | ({"role": str(role)} if role else {})


def _type(piece: Piece) -> str:
    if piece.number:
        return "number"
    if piece.coin and not piece.coin.weak:
        return "coin" if piece.coin.known else "unknown coin"
    if piece.concept:
        return str(piece.concept)
    return "sign" if piece.kind == "punct" else "word"


def _candidate(candidate: Candidate) -> Json:
    return {
        "kind": candidate.reading.kind,
        "because": candidate.because,
        "weight": candidate.weight,
        "lost": list(candidate.lost),
        "score": candidate.score,
        "parsed": parsed_json(candidate.reading),
    }


def _verdict(found: list[Candidate]) -> str:
    best = found[0]
    lost = f", and loses {', '.join(best.lost)}" if best.lost else ", and loses no number"
    rival = f"; next: {found[1].reading.kind} ({found[1].score})" if len(found) > 1 else "; nothing else speaks"
    return f"{best.reading.kind} ({best.score}): it {best.because}{lost}{rival}"
