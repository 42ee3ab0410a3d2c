"""How a bot gets its updates: getUpdates, webhooks; logOut and close."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.localchat.methods.call import Call, Described
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request, conflict
from bot.localchat.spec import Upload

_SECRET = re.compile(r"[A-Za-z0-9_-]+")
SECRET_CHARACTERS = 256
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)


async def get_updates(call: Call) -> list[Json]:
    """getUpdates."""
    if call.bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _remember_allowed(call)
    limit = min(100, max(1, call.params.get("limit", 100)))
    offset, seconds = call.params.get("offset", 0), call.params.get("timeout", 0)
    return await call.services.polling.get(call.bot, offset=offset, limit=limit, seconds=seconds)


def set_webhook(call: Call) -> Described:
    """setWebhook; an empty URL takes the webhook away.

    Telegram takes https on four ports only. Here any port of this machine is taken as well, also by plain http.
    """
    url = call.params["url"].strip()
    if not url:
        return delete_webhook(call)
    secret = call.params.get("secret_token", "")
    _check_webhook(url, secret)
    webhook = {
        "url": url,
        "secret": secret,
        "max_connections": min(100, max(1, call.params.get("max_connections", 40))),
        "certificate": isinstance(call.params.get("certificate"), Upload),
    }
    _remember_allowed(call)
    if _settings(call.bot.webhook) == webhook and not call.params.get("drop_pending_updates"):
        return Described(result=True, description="Webhook is already set")
    _drop_pending(call)
    call.services.polling.end(call.bot, "terminated by setWebhook request")
    call.bot.webhook = webhook
    call.world.mark("bot", call.bot.id)
    call.services.webhooks.restart(call.bot)
    return Described(result=True, description="Webhook was set")


def _settings(webhook: Json | None) -> Json:
    return {name: value for name, value in (webhook or {}).items() if not name.startswith("last_")}


def _check_webhook(url: str, secret: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        raise bad_request("invalid webhook URL specified")
    if len(secret) > SECRET_CHARACTERS:
        raise bad_request("secret token is too long")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if host in LOOPBACK:
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(call: Call) -> Described:
    """deleteWebhook."""
    _drop_pending(call)
    if call.bot.webhook is None:
        return Described(result=True, description="Webhook is already deleted")
    call.bot.webhook = None
    call.world.mark("bot", call.bot.id)
    call.services.webhooks.restart(call.bot)
    return Described(result=True, description="Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    """getWebhookInfo."""
    webhook: dict[str, Any] = call.bot.webhook or {}
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": webhook.get("certificate", False),
        "pending_update_count": len(call.bot.updates),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in webhook:
            info[name] = webhook[name]
    if call.bot.allowed_updates is not None:
        info["allowed_updates"] = list(call.bot.allowed_updates)
    return info


def leave(call: Call) -> bool:
    """logOut and close: nothing to do on a local server."""
    return True


def _remember_allowed(call: Call) -> None:
    allowed = call.params.get("allowed_updates")
    if allowed is None:
        return
    wanted = tuple(kind for kind in allowed if isinstance(kind, str) and kind in _KINDS) or None
    if wanted != call.bot.allowed_updates:
        call.bot.allowed_updates = wanted
        call.world.mark("bot", call.bot.id)


def _drop_pending(call: Call) -> None:
    if call.params.get("drop_pending_updates"):
        for update_id in list(call.bot.updates):
            call.world.confirm(call.bot, update_id)
