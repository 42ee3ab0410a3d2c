"""freqtrade as a peer: in an environment of its own in the user's cache folder, spoken to over a pipe."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = "2026.9"


def environment() -> Path:
    """The interpreter of the peer's environment; the first time it is made, which takes minutes."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "marginbot-bench"
    home = cache / f"freqtrade-{VERSION}"
    python, done = home / "bin" / "python", home / ".installed"
    if not done.exists():
        print(f"installing freqtrade {VERSION} into {home} (once) ...", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", f"freqtrade=={VERSION}"]
        subprocess.run(command, check=True)
        done.touch()
    return python


class Peer:
    """A running freqtrade."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, books: Sequence[dict[str, Any]]) -> tuple[float, list[list[float]]]:
        """The seconds it took for these books, and every position's price."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(list(books)) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["prices"]


@contextmanager
def peer() -> Iterator[Peer]:
    """A freqtrade that is ended at the end."""
    script = Path(__file__).with_name("freqtrade_peer.py")
    process = subprocess.Popen(
        [environment(), script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        try:
            yield Peer(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
