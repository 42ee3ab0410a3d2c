// Buttons under messages, and the bot's keyboard in place of one's own.

import { $, button, element, icon } from "./dom.js";
import { link } from "./text.js";

const MARKS = { url: "out", copy: "copy", fill: "inline", inline: "forward" };
const REQUESTS = { contact: "phone", location: "place" };
const STYLES = ["primary", "success", "danger"];

// The rows under a message. `act.press(message, button, node)`; `act.busy(message, button)`: still being answered.
export function inlineKeyboard(message, act) {
  const keyboard = element("div", "keyboard");
  for (const row of message.buttons) {
    const line = element("div", "row");
    for (const each of row) line.append(inlineKey(message, each, act));
    keyboard.append(line);
  }
  return keyboard;
}

function inlineKey(message, each, act) {
  const node = each.kind === "url" ? link(each.value) : element("button");
  node.classList.add("key", each.kind);
  if (STYLES.includes(each.style)) node.classList.add(each.style);
  node.append(element("span", "", each.text));
  if (MARKS[each.kind]) {
    const corner = element("span", "corner");
    corner.append(icon(MARKS[each.kind]));
    node.append(corner);
  }
  if (node.tagName !== "BUTTON") return node;
  node.type = "button";
  node.disabled = each.kind === "disabled";
  if (act.busy(message, each)) node.setAttribute("aria-busy", "true");
  node.addEventListener("click", () => act.press(message, each, node));
  return node;
}

// The reply keyboard: what the newest message that speaks of one says, until another takes it away.
export class ReplyKeyboard {
  // `act`: send(text), share(what it asks for, the message it came with)
  constructor(act) {
    this.act = act;
    this.message = null;
    this.open = false;
    $("keys-toggle").addEventListener("click", () => this.turn(!this.open));
  }

  // The message that decides, among all of a chat in order.
  follow(messages) {
    const last = messages.findLast((message) => message.keyboard);
    const shown = last?.keyboard.rows ? last : null;
    if (shown?.id === this.message?.id && shown?.version === this.message?.version) return;
    this.message = shown;
    this.open = Boolean(shown);
    this.draw();
  }

  get placeholder() {
    return this.message?.keyboard.placeholder || "";
  }

  turn(open) {
    this.open = open;
    this.draw();
  }

  draw() {
    const keys = $("keys");
    $("keys-toggle").hidden = !this.message;
    $("keys-toggle").setAttribute("aria-expanded", String(this.open));
    keys.hidden = !this.open;
    keys.replaceChildren();
    if (!this.message) return;
    for (const row of this.message.keyboard.rows) {
      const line = element("div", "row");
      for (const each of row) line.append(this.key(each));
      keys.append(line);
    }
  }

  key(each) {
    const node = button("reply-key", each.text, () => this.press(each));
    if (REQUESTS[each.request]) node.prepend(icon(REQUESTS[each.request]));
    return node;
  }

  press(each) {
    const { message } = this;
    if (message.keyboard.one_time) this.turn(false);
    if (each.request) this.act.share(each.request, message);
    else this.act.send(each.text);
  }
}
