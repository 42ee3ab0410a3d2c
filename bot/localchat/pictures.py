"""Small pictures made here, where no file is at hand."""

from __future__ import annotations

import struct
import zlib

LONGEST_SIDE = 320


def grey_png(width: int = 8, height: int = 8) -> bytes:
    """A grey PNG of `width` x `height` pixels, made smaller in proportion where a side is longer than LONGEST_SIDE."""
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    width, height = max(1, round(width * shrink)), max(1, round(height * shrink))
    rows = (b"\x00" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    end = _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + end


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
