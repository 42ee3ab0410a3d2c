// The message box: typing, sending, replying and editing. What is typed is kept for each place.

import { $ } from "./dom.js";
import { summary } from "./media.js";

const TALLEST = 160;
const ONE_LINE = 50;
const LONGEST = 4096;
const NEAR_LONGEST = 200;

export class Composer {
  // `act`: send(text, {reply, edit}) gives a promise; toast(text); typed(text) -> a list has opened;
  // stop(): nothing is asked any more; editLast()
  constructor(panel, act) {
    this.panel = panel;
    this.act = act;
    this.target = {};
    this.key = "";
    this.box = $("box");
    this.context = $("context");
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("paste", () => setTimeout(() => this.left() < 0 && this.tooLong()));
    this.box.addEventListener("blur", () => setTimeout(() => document.activeElement !== this.box && panel.close(), 150));
    this.box.addEventListener("focus", () => this.box.value && this.act.typed(this.box.value));
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.context.querySelector("button").addEventListener("click", () => this.aim({}));
    document.addEventListener("keydown", (event) => this.typedElsewhere(event));
  }

  // Whoever begins to type means the box, unless they are in another field, a dialog or a menu.
  typedElsewhere(event) {
    if (event.key.length > 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!$("composer").hidden && !event.target.closest("input, textarea, dialog, [role=menu]")) this.box.focus();
  }

  // Another place: its draft comes back. `key` names person, place and topic.
  enter(key) {
    if (key === this.key) return;
    this.aim({}, false);
    this.key = key;
    this.set(draft(key));
  }

  set(text) {
    this.box.value = text;
    this.changed();
  }

  fill(text) {
    this.set(text);
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.act.typed(text);
  }

  // What the next message answers ({reply}) or replaces ({edit}).
  aim(target, focus = true) {
    if (this.target.edit && !target.edit) this.set(draft(this.key));
    this.target = target;
    const about = target.reply || target.edit;
    this.context.hidden = !about;
    $("composer").classList.toggle("editing", Boolean(target.edit));
    if (about) {
      this.context.querySelector("strong").textContent = target.edit ? "Edit message" : `Reply to ${target.name}`;
      this.context.querySelector("span").textContent = summary(about);
      if (target.edit) this.fill(target.edit.text);
    }
    if (focus) this.box.focus();
  }

  placeholder(text) {
    this.box.placeholder = text || "Message";
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text) return undefined;
    if (this.left() < 0) return this.tooLong();
    const { target, key } = this;
    this.target = {};
    this.aim({}, false);
    this.set("");
    this.act.stop();
    this.panel.close();
    try {
      await this.act.send(text, target);
    } catch (problem) {
      this.act.toast(`Not sent: ${problem.message}`);
      if (this.key !== key) keep(key, text);
      else if (!this.box.value) {
        this.aim(target, false);
        this.set(text);
      }
    }
    return undefined;
  }

  // How many characters there is room for; Telegram counts UTF-16 units, as JavaScript does.
  left() {
    return LONGEST - this.box.value.trim().length;
  }

  tooLong() {
    const [most, now] = [LONGEST, this.box.value.trim().length].map((count) => count.toLocaleString("en"));
    this.act.toast(`A message has at most ${most} characters, this one has ${now}`);
  }

  changed() {
    const typed = this.box.value;
    $("composer").classList.toggle("typed", Boolean(typed));
    this.fit();
    $("room").hidden = this.left() > NEAR_LONGEST;
    $("room").textContent = $("room").hidden ? "" : this.left();
    $("room").classList.toggle("over", this.left() < 0);
    $("send").disabled = !typed.trim();
    if (!this.target.edit) keep(this.key, typed);
    if (!typed || document.activeElement === this.box) this.act.typed(typed);
  }

  // As high as its lines; where there are several, the words get the menu's room too.
  fit() {
    const measured = (many) => {
      $("composer").classList.toggle("many", many);
      this.box.style.height = "auto";
      return this.box.scrollHeight; // 0 while the box is not on show
    };
    const needed = measured(false) > ONE_LINE ? measured(true) : this.box.scrollHeight;
    if (needed) this.box.style.height = `${Math.min(needed, TALLEST)}px`;
    this.box.classList.toggle("tall", needed > TALLEST);
  }

  pressed(event) {
    if (event.isComposing || this.panel.key(event)) return;
    if (event.key === "Escape") this.aim({});
    if (event.key === "ArrowUp" && !this.box.value && !this.target.reply) {
      if (this.act.editLast()) event.preventDefault();
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }
}

// --- drafts: in the browser's storage, so that a reload keeps them too; in memory where there is none

const memory = new Map();

export function draft(key) {
  try {
    return localStorage.getItem(`draft ${key}`) ?? "";
  } catch {
    return memory.get(key) ?? "";
  }
}

function keep(key, text) {
  if (!key) return;
  try {
    if (text) localStorage.setItem(`draft ${key}`, text);
    else localStorage.removeItem(`draft ${key}`);
  } catch {
    memory.set(key, text);
  }
}
