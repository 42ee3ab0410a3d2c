// One message as a node.

import { avatar, button, element, tint } from "./dom.js";
import { inlineKeyboard } from "./keys.js";
import { album, media } from "./media.js";
import { formatted } from "./text.js";
import { clock, dayName } from "./times.js";
import { inGroup, me, world } from "./world.js";

const HOLD = 450;
const JITTER = 10; // a finger that stays still moves that many pixels

export function senderOf(message) {
  if (message.from) return message.from;
  return message.own ? me() : { id: world.place.bot ?? 0, name: world.profile.name, is_bot: true };
}

// `parts`: a message, or those of an album. `act`: copy, command, known, mention, press, busy, menu, show(id), topicName(id)
export function bubble(parts, act) {
  const message = { ...(parts.find((each) => each.text) ?? parts[0]), parts };
  const when = new Date(message.date * 1000);
  const node = element("article", message.service ? "service" : message.own ? "message own" : "message");
  const sender = senderOf(message);
  Object.assign(node.dataset, { id: message.id, day: dayName(when), sender: message.service ? "" : String(sender.id) });
  if (message.service) {
    node.append(element("p", "", message.service));
    return node;
  }
  node.setAttribute("aria-label", `${message.own ? "You" : sender.name}, ${clock(when)}`);
  const stack = element("div", "stack");
  stack.append(body(message, sender, when, act));
  if (message.buttons?.length) stack.append(inlineKeyboard(message, act));
  const line = element("div", "line-up");
  if (inGroup() && !message.own) line.append(avatar(sender.id, sender.name, "small"));
  line.append(stack);
  node.append(line);
  return node;
}

function body(message, sender, when, act) {
  const node = element("div", "bubble");
  node.append(...about(message, sender, act));
  if (message.reply) node.append(replied(message.reply, act));
  const text = element("div", "text");
  text.append(formatted(message.text, message.entities ?? [], act), meta(message, when));
  const attached = message.parts.length > 1 ? album(message.parts) : media(message);
  if (attached) node.classList.add(message.photo ? "has-photo" : "has-file");
  if (message.photo && !message.text) node.classList.add("bare");
  if (message.captionAbove && message.text) node.classList.add("above");
  if (!message.text) node.classList.add("wordless");
  if (text.querySelector("pre")) node.classList.add("has-code");
  if (attached?.matches(".label") && !message.text) text.prepend(attached); // the time stands beside it
  else if (attached) node.append(attached);
  if (message.captionAbove) attached?.before(text);
  else node.append(text);
  if (!message.old) node.append(menuOpener(message, act));
  if (!message.old) openOnHold(node, () => act.menu(message, node));
  return node;
}

function menuOpener(message, act) {
  const node = button("more round", "Message actions", () => act.menu(message, node), "more");
  node.setAttribute("aria-haspopup", "menu");
  return node;
}

// The lines over the text: who wrote it, by which bot, from whom, in which topic.
function about(message, sender, act) {
  const lines = [];
  const topic = world.topic === null && inGroup() ? act.topicName(message.topic) : "";
  if (inGroup() && !message.own) {
    const name = element("div", `sender ${tint(sender.id)}`);
    name.append(element("span", "", sender.name));
    if (sender.is_bot) name.append(element("span", "mark", "bot"));
    lines.push(name);
  }
  if (message.via) lines.push(element("div", "via", `via ${message.via}`));
  if (message.onlyYou) lines.push(element("div", "via", "Only you can see this"));
  if (message.guest) lines.push(element("div", "via", "Guest bot"));
  if (message.forward) lines.push(element("div", "via", `Forwarded from ${message.forward}`));
  if (topic) lines.push(element("div", "in-topic", topic));
  return lines;
}

function replied(reply, act) {
  const node = button("replied", "", () => act.show(reply.id));
  node.append(element("strong", "", reply.name), element("span", "", reply.text));
  node.title = "Show the message";
  return node;
}

function meta(message, when) {
  const node = element("span", "meta");
  if (message.edited) node.append(element("span", "edited", "edited "));
  const time = element("time", "", clock(when));
  time.dateTime = when.toISOString();
  node.append(time);
  return node;
}

// The right button of a mouse, or a finger that stays.
function openOnHold(node, open) {
  let timer = 0;
  let at = [0, 0];
  const forget = () => clearTimeout(timer);
  node.addEventListener("contextmenu", (event) => {
    forget();
    if (event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    open();
  });
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || event.target.closest("button, a, pre")) return;
    at = [event.clientX, event.clientY];
    timer = setTimeout(open, HOLD);
  });
  node.addEventListener("pointermove", (event) => Math.hypot(event.clientX - at[0], event.clientY - at[1]) > JITTER && forget());
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, forget);
}
