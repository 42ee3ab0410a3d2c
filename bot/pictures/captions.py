"""What a picture shows, in words: its caption, and the text in its place where it cannot be drawn.

Both in Telegram's HTML. The caption begins with the verdict and a number, because a notification shows no more.
"""

from __future__ import annotations

from typing import Final, assert_never

from markupsafe import Markup, escape

from bot.pictures.phrases import Phrases
from bot.pictures.specs import DistancesSpec, LadderSpec, MarketSpec, PictureSpec, ShareSpec, TwoCoinsSpec
from bot.pictures.verdicts import distances_verdict, ladder_verdict, name_of, reason_of, two_coins_verdict, where_of

LONGEST_CAPTION: Final = 660
"""Characters: below Telegram's 1,024 there is room for the lines that say what "now" is."""
_WIDTH: Final = 34
"""Characters of a line in fixed width on a phone."""


def caption_of(spec: PictureSpec) -> Markup:
    """The words under a picture: its verdict in bold, then what is drawn."""
    words = Phrases(spec.language)
    verdict, *rest = _said(spec, words)
    rest += [words("picture.collateral_full")] if spec.haircut else []
    lines = [Markup("<b>{}</b>").format(verdict)]
    length = len(verdict)
    for line in rest:
        length += len(line) + 1
        if length > LONGEST_CAPTION:
            break
        lines.append(escape(line))
    return Markup("\n").join(lines)


def text_of(spec: PictureSpec, ladder: LadderSpec | None = None) -> Markup:
    """The text in place of a picture: its caption with the numbers in fixed width. ladder: those of the same book."""
    words = Phrases(spec.language)
    shown = spec if isinstance(spec, LadderSpec) else ladder
    if isinstance(spec, DistancesSpec):
        rows = [line for bar in spec.bars for line in (name_of(bar, words)[:_WIDTH], f"  {where_of(bar, words)}")]
    elif isinstance(spec, ShareSpec):
        rows = [line for row in spec.rows for line in (row.label[:_WIDTH], f"  {row.isolated} / {row.cross}")]
    else:
        rows = ladder_rows(shown, words) if shown is not None else []
    parts = [escape(words("picture.failed")), caption_of(spec)]
    if rows:
        parts.append(Markup("<pre>{}</pre>").format("\n".join(rows)))
    return Markup("\n\n").join(parts)


def ladder_rows(spec: LadderSpec, words: Phrases) -> list[str]:
    """A ladder in fixed width: the move, what is left, and how many positions are gone."""
    rows = []
    for rung in spec.rungs:
        move = words("picture.now") if not rung.move else words.step(rung.move)
        gone = words("picture.all_gone") if rung.whole else words("picture.row_gone", number=len(rung.gone))
        rows.append(f"{move:>6} {words.amount(rung.equity, spec.asset):>12}{'  ' + gone if rung.gone else ''}")
    return rows


def _said(spec: PictureSpec, words: Phrases) -> list[str]:
    match spec:
        case MarketSpec():
            return _market(spec, words)
        case LadderSpec():
            return [ladder_verdict(spec, words), words(
                "picture.caption_ladder", mode=words.mode(spec.mode), asset=spec.asset,
                market=words.market(spec.subject),
            )]  # fmt: skip
        case DistancesSpec():
            return [distances_verdict(spec, words), words("picture.caption_distances", mode=words.mode(spec.mode)),
                    *(f"• {name_of(bar, words)}: {where_of(bar, words)}" for bar in spec.bars)]  # fmt: skip
        case TwoCoinsSpec():
            return [two_coins_verdict(spec, words), words(
                "picture.caption_two", mode=words.mode(spec.mode), asset=spec.asset, across=spec.across, up=spec.up,
                span=words.numbers.rate(spec.span),
            )]  # fmt: skip
        case ShareSpec():
            rows = [f"• {row.label}: {row.isolated or '–'} / {row.cross or '–'}" for row in spec.rows]
            return [spec.verdict, spec.title, *rows, *(f"• {reason_of(reason, words)}" for reason in spec.reasons),
                    *filter(None, [spec.note])]  # fmt: skip
        case _:
            assert_never(spec)


def _market(spec: MarketSpec, words: Phrases) -> list[str]:
    asset, held = spec.asset, spec.lines[0].mode == "given"
    nows = [f"{words.amount(now, asset)} {asset}" for _, now in spec.nows]
    if len(nows) > 1:
        nows = [f"{words.mode(line.mode).lower()} {now}" for (line, _), now in zip(spec.nows, nows, strict=True)]
    shown = words(
        "picture.caption_held" if held else "picture.caption_market",
        market=words.market(spec.subject), span=words.numbers.rate(spec.span),
        now=", ".join(nows),
    )  # fmt: skip
    gone = [words.gone(line, spec.span, priced=True) for line in spec.lines]
    return [". ".join(words.verdict(line) for line in spec.lines) + ".", shown, *filter(None, gone)]
