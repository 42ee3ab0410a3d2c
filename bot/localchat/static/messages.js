// The messages of a place in order, changed where they stand.

import { bubble, senderOf } from "./bubble.js";
import { GENERAL, world } from "./world.js";
import { hideNeedlessFolds, openFolds, reopenFolds } from "./text.js";

const GENERAL_THREAD = 1;
const KEPT = 1000; // so that a page that stays open for days stays quick

// Whether a message belongs to the topic that is looked at.
export function inTopic(message) {
  if (world.topic === null) return true;
  const topic = message.topic === null || message.topic === undefined || message.topic === GENERAL_THREAD ? GENERAL : message.topic;
  return topic === world.topic;
}

export class Messages {
  constructor(log, act) {
    this.log = log;
    this.act = { ...act, show: (id) => this.show(id) };
    this.all = new Map();
    this.nodes = new Map();
  }

  get size() {
    return this.all.size;
  }

  get list() {
    return [...this.all.values()];
  }

  get newest() {
    return this.list.at(-1);
  }

  lastOwn() {
    return this.list.findLast((message) => message.own && !message.old && message.text && inTopic(message) && !message.photo);
  }

  // All messages of a place. `same`: it is the place that stands there already, so what has not changed stays.
  reset(messages, same) {
    if (!same) this.clear();
    const there = new Set(messages.map((message) => message.id));
    for (const id of [...this.all.keys()]) if (!there.has(id)) this.remove(id);
    for (const message of messages) {
      if (this.all.get(message.id)?.version !== message.version) this.put(message);
    }
  }

  clear() {
    this.all.clear();
    this.nodes.clear();
    this.log.replaceChildren();
  }

  // Draws everything again: another topic is looked at.
  redraw() {
    const kept = this.list;
    this.clear();
    for (const message of kept) this.put(message);
  }

  // True when the message is new, false when it replaced an older state of itself.
  put(message) {
    const before = this.all.get(message.id);
    this.all.set(message.id, message);
    if (this.all.size > KEPT) this.remove(this.all.keys().next().value);
    if (inTopic(message)) this.draw(message);
    return !before;
  }

  // The messages of an album share one node.
  draw(message) {
    const parts = message.album ? this.list.filter((each) => each.album === message.album) : [message];
    const node = bubble(parts, this.act);
    const old = parts.map((each) => this.nodes.get(each.id)).find(Boolean);
    for (const each of parts) this.nodes.set(each.id, node);
    if (old) this.replace(old, node);
    else this.log.append(node);
    hideNeedlessFolds(node);
    this.group(node);
  }

  replace(old, node) {
    const focused = old.contains(document.activeElement) && focusPath(old);
    old.replaceWith(node);
    reopenFolds(node, openFolds(old));
    if (focused) restoreFocus(node, focused);
  }

  remove(id) {
    const node = this.nodes.get(id);
    const album = this.all.get(id)?.album;
    this.all.delete(id);
    this.nodes.delete(id);
    if (!node) return;
    const rest = album && this.list.find((each) => each.album === album);
    if (rest) {
      this.draw(rest);
      return;
    }
    const next = node.nextElementSibling ?? node.previousElementSibling;
    const focused = node.contains(document.activeElement);
    node.remove();
    if (next) this.group(next);
    if (focused) this.act.leave();
  }

  show(id) {
    const node = this.nodes.get(id);
    if (!node) return this.act.toast("That message is not here");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1400);
    return undefined;
  }

  // Day headings, and bubbles of one sender close together.
  group(node) {
    for (const each of [node.previousElementSibling, node, node.nextElementSibling]) {
      if (!each) continue;
      const [before, after] = [each.previousElementSibling, each.nextElementSibling];
      each.classList.toggle("new-day", before?.dataset.day !== each.dataset.day);
      each.classList.toggle("follows", together(before, each));
      each.classList.toggle("last", !together(each, after));
    }
  }

  // What a screen reader is told of a new message.
  spoken(message) {
    return message.service ?? `${senderOf(message).name}: ${message.text || "Attachment"}`;
  }
}

function together(one, other) {
  if (!one || !other || !one.dataset.sender) return false;
  return one.dataset.sender === other.dataset.sender && one.dataset.day === other.dataset.day;
}

const FOCUSABLE = "button, a, [tabindex]";

function focusPath(node) {
  const active = document.activeElement;
  const index = [...node.querySelectorAll(FOCUSABLE)].indexOf(active);
  return { index, key: active.classList.contains("key"), text: active.textContent };
}

// After an edit the focus goes to the button of the same text, else to the first button, so that keyboard users stay here.
function restoreFocus(node, path) {
  const keys = [...node.querySelectorAll(".key")];
  const all = [...node.querySelectorAll(FOCUSABLE)];
  const target = path.key ? keys.find((key) => key.textContent === path.text) || keys[0] : all[path.index];
  (target ?? all.at(-1))?.focus({ preventScroll: true });
}
