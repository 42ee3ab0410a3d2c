"""Sends one message again and again over a few kept connections: host, port, path, file with the body, count."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

CONNECTIONS = 16


async def main(host: str, port: int, path: str, body: bytes, count: int) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    left = iter(range(count))
    await asyncio.gather(*(connection(host, port, request, left) for _ in range(CONNECTIONS)))


async def connection(host: str, port: int, request: bytes, left: object) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for _ in left:  # type: ignore[attr-defined]
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"refused: {head!r}")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]).read_bytes(), int(sys.argv[5])))
