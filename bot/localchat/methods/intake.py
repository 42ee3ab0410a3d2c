"""How a bot gets its updates: getUpdates, webhooks; logOut and close."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.localchat.methods.call import Call, Described
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request, conflict

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_updates(call: Call) -> list[Json]:
    """getUpdates."""
    if call.bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _remember_allowed(call)
    limit = call.params.get("limit", 100)
    if not 1 <= limit <= 100:
        limit = 100
    offset, seconds = call.params.get("offset", 0), call.params.get("timeout", 0)
    return await call.services.polling.get(call.bot, offset=offset, limit=limit, seconds=seconds)


def set_webhook(call: Call) -> Described:
    """setWebhook; an empty URL takes the webhook away."""
    url = call.params["url"].strip()
    if not url:
        return delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: an HTTP or HTTPS URL must be provided for webhook")
    secret = call.params.get("secret_token", "")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(call)
    _drop_pending(call)
    connections = min(100, max(1, call.params.get("max_connections", 40)))
    call.bot.webhook = {"url": url, "secret": secret, "max_connections": connections}
    call.world.mark("bot", call.bot.id)
    call.services.webhooks.restart(call.bot)
    return Described(result=True, description="Webhook was set")


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
        "has_custom_certificate": False,
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
    wanted = tuple(kind for kind in allowed if isinstance(kind, str)) or None
    if wanted != call.bot.allowed_updates:
        call.bot.allowed_updates = wanted
        call.world.mark("bot", call.bot.id)


def _drop_pending(call: Call) -> None:
    if call.params.get("drop_pending_updates"):
        for update_id in list(call.bot.updates):
            call.world.confirm(call.bot, update_id)
