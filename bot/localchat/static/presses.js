// What a press of a message's button does, and what can be done with a message.

import { go } from "./links.js";
import { openMenu } from "./menus.js";
import { post } from "./net.js";
import { copy, showAlert, toast } from "./overlays.js";
import { botCalled, here, inGroup, world } from "./world.js";

export class Presses {
  // `act`: fill(text), open(person, place, how), pick(title, chosen, only), aim(target), redraw(message)
  constructor(act) {
    this.act = act;
    this.waiting = new Set();
  }

  key(message, button) {
    return `${JSON.stringify(here())} ${message.id} ${button.value}`;
  }

  busy(message, button) {
    return button.kind === "callback" && this.waiting.has(this.key(message, button));
  }

  press(message, button, node) {
    const query = `@${writer(message)} ${button.value}`;
    if (button.kind === "callback") return this.tap(message, button, node);
    if (button.kind === "copy") return copy(button.value);
    if (button.kind === "fill") return this.act.fill(query);
    if (button.kind === "inline") {
      return this.act.pick("Choose a chat", (place) => this.act.open(world.person, place, { fill: query }));
    }
    return toast("This kind of button does nothing in the local chat");
  }

  async tap(message, button, node) {
    const key = this.key(message, button);
    if (this.waiting.has(key)) return;
    this.waiting.add(key);
    node.setAttribute("aria-busy", "true");
    try {
      const answer = await post("tap", { ...here(), message_id: message.id, data: button.value });
      if (answer.late) return;
      if (answer.alert && answer.text) showAlert(message.via ?? message.from?.name ?? world.profile.name, answer.text);
      else if (answer.text) toast(answer.text);
      if (answer.url) go(answer.url, this.act);
    } catch (problem) {
      toast(problem.message);
    } finally {
      this.waiting.delete(key);
      const now = node.isConnected ? node : null;
      now?.removeAttribute("aria-busy");
      if (!now) this.act.redraw(message.id);
    }
  }

  menu(message, anchor) {
    const first = message.parts?.[0] ?? message;
    const entries = [["Reply", "reply", () => this.act.aim({ reply: first, name: message.own ? "yourself" : who(message) })]];
    if (message.text) entries.push(["Copy text", "copy", () => copy(message.text)]);
    if (message.own && message.text && !message.photo && !message.via) {
      entries.push(["Edit", "edit", () => this.act.aim({ edit: message })]);
    }
    if (message.own || !inGroup()) {
      const gone = (each) => post("delete", { ...here(), message_id: each.id }).catch((problem) => toast(problem.message));
      const remove = () => (message.parts ?? [message]).forEach(gone);
      entries.push(["Delete", "remove", remove, { danger: true }]);
    }
    openMenu(entries, anchor);
  }
}

function who(message) {
  return message.from?.name ?? world.profile.name;
}

// The username of the bot whose button it is.
function writer(message) {
  const byName = world.bots.find((bot) => bot.name === message.via || bot.username === message.via);
  const bot = byName ?? world.bots.find((each) => each.id === (message.from?.id ?? world.place.bot)) ?? botCalled(world.profile.username);
  return bot?.username ?? world.profile.username;
}
