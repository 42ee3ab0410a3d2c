"""The Bot API methods that are emulated, by their names in lower case."""

from __future__ import annotations

from bot.localchat.methods import callbacks, chats, edits, files, intake, messages, profile
from bot.localchat.methods.call import Call, Described, Handler, Services

HANDLERS: dict[str, Handler] = {
    "getme": profile.get_me,
    "logout": intake.leave,
    "close": intake.leave,
    "getupdates": intake.get_updates,
    "setwebhook": intake.set_webhook,
    "deletewebhook": intake.delete_webhook,
    "getwebhookinfo": intake.get_webhook_info,
    "sendmessage": messages.send_message,
    "sendchataction": messages.send_chat_action,
    "deletemessage": messages.delete_message,
    "deletemessages": messages.delete_messages,
    "sendphoto": files.send_photo,
    "senddocument": files.send_document,
    "getfile": files.get_file,
    "editmessagetext": edits.edit_text,
    "editmessagecaption": edits.edit_caption,
    "editmessagemedia": edits.edit_media,
    "editmessagereplymarkup": edits.edit_keyboard,
    "answercallbackquery": callbacks.answer_callback_query,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": profile.setter("names", "name", 64),
    "getmyname": profile.getter("names", "name"),
    "setmydescription": profile.setter("descriptions", "description", 512),
    "getmydescription": profile.getter("descriptions", "description"),
    "setmyshortdescription": profile.setter("short_descriptions", "short_description", 120),
    "getmyshortdescription": profile.getter("short_descriptions", "short_description"),
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
}

__all__ = ["HANDLERS", "Call", "Described", "Handler", "Services"]
