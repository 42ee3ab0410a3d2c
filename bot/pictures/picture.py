"""A drawn picture."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG with its size in pixels."""

    png: bytes
    width: int
    height: int

    @classmethod
    def of(cls, png: bytes) -> Picture:
        """The picture of a PNG file. Raises ValueError for anything else."""
        if png[:8] != b"\x89PNG\r\n\x1a\n":
            raise ValueError("not a PNG file")
        width, height = struct.unpack(">II", png[16:24])
        return cls(png=png, width=width, height=height)
