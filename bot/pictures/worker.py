"""The process that draws: one spec a line comes in, a head line and a PNG go out. Started by `workshop`.

    in    {"kind": "market", ...}
    out   {"size": 98765, "seconds": 0.11, "memory": 91234304}, then that many bytes; or {"error": "…", "reason": "…"}

It ends when its input does, so it never outlives the bot. It gives way to whoever answers texts.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import sys
import time
from typing import Any, BinaryIO, Final

from bot.pictures.drawing import draw
from bot.pictures.specs import spec_of

_NICE: Final = 10
"""Low, so that answers go first; not the lowest, with which a busy machine would not let it draw within its time."""


def main() -> None:
    """Draws until the input ends."""
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    out = sys.stdout.buffer
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again
    for line in sys.stdin.buffer:
        head, png = answer(line)
        _write(out, head, png)
        gc.collect()  # figures are cycles; left to themselves they pile up


def answer(line: bytes) -> tuple[dict[str, Any], bytes]:
    """The head and the PNG for one line; a spec that cannot be drawn is an answer too."""
    began = time.perf_counter()
    try:
        picture = draw(spec_of(line))
    except Exception as error:  # whatever it is, the next picture must not suffer
        return {"error": type(error).__name__, "reason": str(error)[:500]}, b""
    return {
        "size": len(picture.png),
        "seconds": round(time.perf_counter() - began, 4),
        "memory": _memory(),
    }, picture.png


def _memory() -> int:
    """The most memory that this process had so far, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _write(out: BinaryIO, head: dict[str, Any], png: bytes) -> None:
    out.write(json.dumps(head).encode() + b"\n" + png)
    out.flush()


if __name__ == "__main__":
    main()
