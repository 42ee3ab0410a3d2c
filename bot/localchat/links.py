"""Links as Telegram takes them: which it keeps, in which form, and what it says about the others."""

from __future__ import annotations

import re

from bot.localchat.model import Json

_SCHEME = re.compile(r"([^:/?#@\[\]]*)://")
_AUTHORITY = re.compile(r"[^/?#]*")
_HOST = re.compile(r"(?:[a-z0-9.\-_!$,~*'();&+=]|[^\x00-\x7f])+")
_APP_HOST = re.compile(r"[A-Za-z0-9_-]+")
_APP = re.compile(r"(tg|ton)://|(tg|ton):", re.IGNORECASE)
_USER = re.compile(r"tg:(?://)?user\?(?:.*&)?id=(\d{1,18})(?:[&#].*)?", re.IGNORECASE)
_EMOJI = re.compile(r"(tg:(?://)?)?(emoji(?=[/?#]|$))?(?:.*[?&]id=([^&#]+))?.*", re.IGNORECASE | re.DOTALL)
LARGEST_ID = 2**63


class LinkError(Exception):
    """A link that is no link; the text says why in Telegram's words."""


def checked_link(link: str) -> str:
    """The link in the form that Telegram keeps (scheme and host in lower case, a path at least "/").

    LinkError for one that it does not take: another protocol than http, https, tg and ton, or no host with a dot.
    """
    app = _APP.match(link)
    if app is not None:
        return _app_link((app.group(1) or app.group(2)).lower(), link[app.end() :])
    scheme, host, port, rest = _parts(link)
    if "." not in host and not host.startswith("["):
        raise LinkError("Wrong HTTP URL")
    return f"{scheme}://{host}{port}{rest}"


def kept_link(link: str) -> str | None:
    """The link in the form that Telegram keeps, or None when it is none."""
    try:
        return checked_link(link)
    except LinkError:
        return None


def linked_user(link: str) -> int | None:
    """The user that a tg://user?id= link names."""
    found = _USER.fullmatch(link)
    return int(found.group(1)) or None if found else None


def linked_emoji(link: str) -> str:
    """The custom emoji that a tg://emoji?id= link names; LinkError for any other link."""
    found = _EMOJI.fullmatch(link)
    scheme, host, identifier = found.groups() if found else (None, None, None)
    if not scheme:
        raise LinkError("Custom emoji URL must have scheme tg")
    if not host:
        raise LinkError('Custom emoji URL must have host "emoji"')
    if not identifier:
        raise LinkError("Custom emoji URL must have an emoji identifier")
    if not emoji_id(identifier):
        raise LinkError("Invalid custom emoji identifier specified")
    return str(identifier)


def link_details(link: str) -> Json | None:
    """What a link makes of its words: the mention of a user, a link, or nothing; as fields of a message entity."""
    user = linked_user(link)
    if user is not None:
        return {"type": "text_mention", "user": {"id": user, "is_bot": False, "first_name": ""}}
    kept = kept_link(link)
    return None if kept is None else {"type": "text_link", "url": kept}


def emoji_id(text: str) -> bool:
    """Whether this is the identifier of a custom emoji: a number of 63 bits, not 0."""
    return text.isascii() and text.isdigit() and 0 < int(text) < LARGEST_ID


def _app_link(scheme: str, rest: str) -> str:
    found = _APP_HOST.match(rest)
    if found is None or not (found.end() == len(rest) or rest[found.end()] in "/?#"):
        raise LinkError(f"Wrong {scheme} URL")
    return f"{scheme}://{rest}"


def _parts(link: str) -> tuple[str, str, str, str]:
    """Scheme, host, ":port" or "", and what follows them."""
    found = _SCHEME.match(link)
    scheme = found.group(1).lower() if found else "http"
    if scheme not in ("http", "https"):
        raise LinkError("Unsupported URL protocol")
    start = found.end() if found else 0
    match = _AUTHORITY.match(link, start)
    authority = match.group() if match else ""
    rest = link[start + len(authority) :].rstrip()
    host, port = _host_and_port(authority.rpartition("@")[2])
    if not rest.startswith("/"):
        rest = f"/{rest}"
    return scheme, host, port, "".join(char if char > " " else f"%{ord(char):02X}" for char in rest)


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.rpartition(":")
    if not colon or port.endswith("]"):
        host, colon, port = text, "", ""
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) <= 65535):
        raise LinkError("Wrong port number specified in the URL")
    if not host:
        raise LinkError("URL host is empty")
    host = host.lower()
    if not (host.startswith("[") and host.endswith("]")) and not _HOST.fullmatch(host):
        raise LinkError("Disallowed character in URL host")
    return host, f":{int(port)}" if colon else ""
