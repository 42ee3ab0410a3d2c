"""The data files of the package, read once each."""

import pkgutil
from functools import cache


@cache
def text_of(name: str) -> str:
    """A file of venues/data by its name. Raises FileNotFoundError."""
    data = pkgutil.get_data("margin_engine.venues", f"data/{name}")
    # None is for loaders that read no data at all; a file that is missing has raised.
    assert data is not None
    return data.decode("utf-8")


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The lines of a table whose first line is a remark and whose second names the columns; no field holds a comma."""
    _, heading, *lines = text_of(name).splitlines()
    columns = heading.split(",")
    return tuple(dict(zip(columns, line.split(","), strict=True)) for line in lines)
