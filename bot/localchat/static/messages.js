// The messages of a chat as bubbles, changed in place.

import { element, formatted, hideNeedlessFolds, link, openFolds, reopenFolds } from "./text.js";

const TIME = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat([], { day: "numeric", month: "long", year: "numeric" });

export class Messages {
  // `act` has the page's actions: copy, command, press(message, button, node), menu(message, node), names()
  constructor(log, act) {
    this.log = log;
    this.act = act;
    this.shown = new Map();
  }

  get size() {
    return this.shown.size;
  }

  reset(messages) {
    this.shown.clear();
    this.log.replaceChildren();
    for (const message of messages) this.put(message);
  }

  // True when the message is new, false when it replaced an older state of itself.
  put(message) {
    const before = this.shown.get(message.id);
    const node = this.bubble(message);
    this.shown.set(message.id, { message, node });
    if (before) {
      const focused = before.node.contains(document.activeElement) && focusPath(before.node);
      before.node.replaceWith(node);
      reopenFolds(node, openFolds(before.node));
      if (focused) restoreFocus(node, focused);
    } else {
      this.log.append(node);
    }
    hideNeedlessFolds(node);
    this.group(node);
    return !before;
  }

  remove(id) {
    const found = this.shown.get(id);
    if (!found) return;
    const next = found.node.nextElementSibling;
    found.node.remove();
    this.shown.delete(id);
    if (next) this.group(next);
  }

  show(id) {
    const found = this.shown.get(id);
    if (!found) return;
    found.node.scrollIntoView({ block: "center", behavior: "smooth" });
    found.node.classList.add("flash");
    setTimeout(() => found.node.classList.remove("flash"), 1200);
  }

  // Day headings, and bubbles of one sender close together.
  group(node) {
    for (const each of [node, node.nextElementSibling]) {
      if (!each) continue;
      const before = each.previousElementSibling;
      const newDay = !before || before.dataset.day !== each.dataset.day;
      each.classList.toggle("new-day", newDay);
      each.classList.toggle("follows", !newDay && before.dataset.own === each.dataset.own);
    }
  }

  bubble(message) {
    const when = new Date(message.date * 1000);
    const node = element("article", message.own ? "message own" : "message");
    node.dataset.own = message.own;
    node.dataset.day = DAY.format(when);
    const names = this.act.names();
    node.setAttribute("aria-label", `${message.own ? names.person : names.bot}, ${TIME.format(when)}`);
    const bubble = element("div", "bubble");
    if (message.reply) bubble.append(this.replied(message.reply));
    const text = element("div", "text");
    text.append(formatted(message.text, message.entities, this.act));
    text.append(this.meta(message, when));
    const media = this.media(message);
    if (media) bubble.classList.add(message.photo ? "has-photo" : "has-file");
    if (message.photo && !message.text) bubble.classList.add("bare");
    bubble.append(...(message.captionAbove ? [text, media] : [media, text]).filter(Boolean), this.more(message));
    const stack = element("div", "stack");
    stack.append(bubble);
    if (message.buttons.length) stack.append(this.keyboard(message));
    node.append(stack);
    bubble.addEventListener("contextmenu", (event) => {
      if (event.target.closest("a") || String(getSelection())) return;
      event.preventDefault();
      this.act.menu(message, bubble);
    });
    return node;
  }

  meta(message, when) {
    const meta = element("span", "meta");
    if (message.edited) meta.append(element("span", "edited", "edited "));
    const time = element("time", "", TIME.format(when));
    time.dateTime = when.toISOString();
    meta.append(time);
    return meta;
  }

  more(message) {
    const more = element("button", "more", "⋯");
    more.type = "button";
    more.setAttribute("aria-label", "Message actions");
    more.setAttribute("aria-haspopup", "menu");
    more.addEventListener("click", () => this.act.menu(message, more));
    return more;
  }

  replied(reply) {
    const node = element("button", "replied");
    node.type = "button";
    node.append(element("strong", "", reply.name), element("span", "", reply.text));
    node.addEventListener("click", () => this.show(reply.id));
    return node;
  }

  media(message) {
    if (message.photo) {
      const picture = element("img");
      picture.src = `/page/file/${message.photo.file}`;
      picture.width = message.photo.width;
      picture.height = message.photo.height;
      picture.alt = message.text || "Photo";
      const open = link(picture.src);
      open.className = "photo";
      open.append(picture);
      return open;
    }
    if (message.document) {
      const node = element("a", "file");
      node.href = `/page/file/${message.document.file}`;
      node.download = message.document.name;
      node.append(element("strong", "", message.document.name), element("span", "", size(message.document.size)));
      return node;
    }
    return message.label ? element("p", "label", message.label) : null;
  }

  keyboard(message) {
    const keyboard = element("div", "keyboard");
    for (const row of message.buttons) {
      const line = element("div", "row");
      for (const button of row) line.append(this.button(message, button));
      keyboard.append(line);
    }
    return keyboard;
  }

  button(message, button) {
    const node = button.kind === "url" ? link(button.value) : element("button");
    node.classList.add("key", button.kind);
    if (["primary", "success", "danger"].includes(button.style)) node.classList.add(button.style);
    node.append(element("span", "", button.text));
    const mark = { url: "↗", copy: "", fill: "✎" }[button.kind];
    if (mark !== undefined) {
      const corner = element("span", "corner", mark);
      corner.setAttribute("aria-hidden", "true");
      node.append(corner);
    }
    if (node.tagName === "BUTTON") {
      node.type = "button";
      node.disabled = button.kind === "disabled";
      node.addEventListener("click", () => this.act.press(message, button, node));
    }
    return node;
  }
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function focusPath(node) {
  const active = document.activeElement;
  const index = [...node.querySelectorAll("button, a, [tabindex]")].indexOf(active);
  return { index, key: active.classList.contains("key"), text: active.textContent };
}

// After an edit the focus goes to the button of the same text, else to the first button, so that keyboard users stay here.
function restoreFocus(node, path) {
  const keys = [...node.querySelectorAll(".key")];
  const all = [...node.querySelectorAll("button, a, [tabindex]")];
  const target = path.key ? keys.find((key) => key.textContent === path.text) || keys[0] : all[path.index];
  if (target) target.focus({ preventScroll: true });
}
