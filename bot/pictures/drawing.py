"""A spec becomes a PNG. matplotlib's object interface only: no pyplot, so no state is left behind."""

from __future__ import annotations

import io
from typing import Final, assert_never

import matplotlib
from matplotlib.figure import Figure

from bot.pictures.distances import draw_distances, sheet_of
from bot.pictures.frame import HEIGHT, STYLE, Frame
from bot.pictures.ladder import draw_ladder
from bot.pictures.market import draw_market
from bot.pictures.picture import Picture
from bot.pictures.share import draw_share, height_of
from bot.pictures.specs import DistancesSpec, LadderSpec, MarketSpec, PictureSpec, ShareSpec, TwoCoinsSpec
from bot.pictures.two_coins import draw_two_coins
from bot.pictures.wording import Wording

_COMPRESSION: Final = 6


def figure_of(spec: PictureSpec) -> Figure:
    """The sheet as matplotlib's figure, from whose artists the drawn numbers can be read."""
    with matplotlib.rc_context(STYLE):
        match spec:
            case ShareSpec():
                height = height_of(spec)
            case DistancesSpec():
                height = sheet_of(spec)
            case _:
                height = HEIGHT
        frame, words = Frame(spec.theme, height), Wording(spec.language)
        match spec:
            case MarketSpec():
                draw_market(spec, frame, words)
            case LadderSpec():
                draw_ladder(spec, frame, words)
            case DistancesSpec():
                draw_distances(spec, frame, words)
            case TwoCoinsSpec():
                draw_two_coins(spec, frame, words)
            case ShareSpec():
                draw_share(spec, frame, words)
            case _:
                assert_never(spec)
        return frame.figure


def draw(spec: PictureSpec) -> Picture:
    """The picture of a spec; equal specs give equal pictures."""
    figure = figure_of(spec)
    out = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(
            out, format="png", facecolor=figure.get_facecolor(), metadata={"Software": None},
            pil_kwargs={"compress_level": _COMPRESSION},
        )  # fmt: skip
    return Picture.of(out.getvalue())
