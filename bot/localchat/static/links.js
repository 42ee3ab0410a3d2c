// Links into Telegram that name a bot of this server open here.

import { toast } from "./overlays.js";
import { botCalled, world } from "./world.js";

const HERE = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/(\w{3,32})\/?(?:\?([^#]*))?$/i;

// `act`: open(person, place, how), pick(title, chosen, only), add(bot, group, payload)
export function followed(url, act) {
  const found = url.match(HERE) ?? fromScheme(url);
  const bot = found && botCalled(found[1]);
  if (!bot) return false;
  const asked = new URLSearchParams(found[2] ?? "");
  if (asked.has("startgroup")) {
    act.pick(`Add ${bot.name} to`, (place) => act.add(bot, place, asked.get("startgroup")), (each) => each.group);
  } else {
    act.open(world.person, { bot: bot.id }, asked.has("start") ? { payload: asked.get("start") } : {});
  }
  return true;
}

// tg://resolve?domain=bot&start=x
function fromScheme(url) {
  if (!/^tg:\/\/resolve\?/i.test(url)) return null;
  const query = url.slice(url.indexOf("?") + 1);
  return [url, new URLSearchParams(query).get("domain") ?? "", query];
}

// Where a press or an answer of a bot leads.
export function go(url, act) {
  if (followed(url, act)) return;
  if (/^https?:/i.test(url)) window.open(url, "_blank", "noopener");
  else toast("This link does not open here");
}
