// The list over the message box: commands, bots, inline results. The focus stays in the box; arrows move the choice.

import { $, element } from "./dom.js";

export class Panel {
  constructor(box) {
    this.box = box;
    this.node = $("panel");
    this.note = $("panel-note");
    this.list = $("options");
    this.entries = [];
    this.chosen = -1;
    this.owner = "";
    this.node.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  get open() {
    return !this.node.hidden;
  }

  // `entries`: {node, pick(), complete()?, lead?}; `note` says what there is when that is not the list itself.
  show(owner, entries, { note = "", label = "Suggestions", busy = false, kept = false, more } = {}) {
    const chosen = kept ? this.chosen : -1;
    this.owner = owner;
    this.entries = entries;
    this.more = more;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.note.classList.toggle("busy", busy);
    this.list.setAttribute("aria-label", label);
    this.list.hidden = !entries.length;
    this.list.replaceChildren(...entries.map((entry, index) => this.option(entry, index)));
    this.node.hidden = !note && !entries.length;
    this.chosen = -1;
    if (!kept) this.list.scrollTop = 0;
    if (entries.length && (this.box.value || chosen >= 0)) this.choose(chosen >= 0 ? chosen : this.first(), kept);
    this.mark();
  }

  // Only its owner may close the panel; without a name anybody's.
  close(owner) {
    if (owner && owner !== this.owner) return;
    this.node.hidden = true;
    this.owner = "";
    this.entries = [];
    this.chosen = -1;
    this.mark();
  }

  first() {
    return Math.max(0, this.entries.findIndex((entry) => !entry.lead));
  }

  mark() {
    $("menu").setAttribute("aria-expanded", String(this.open && this.owner === "commands"));
    if (this.chosen < 0) this.box.removeAttribute("aria-activedescendant");
  }

  option(entry, index) {
    const node = element("li", entry.lead ? "lead" : "");
    node.id = `option-${index}`;
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.append(...entry.node);
    node.addEventListener("click", () => entry.pick());
    return node;
  }

  choose(index, still) {
    const options = [...this.list.children];
    if (!options.length) return;
    this.chosen = (index + options.length) % options.length;
    options.forEach((node, at) => node.setAttribute("aria-selected", String(at === this.chosen)));
    if (!still) options[this.chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", options[this.chosen].id);
  }

  scrolled() {
    if (this.more && this.list.scrollTop + this.list.clientHeight > this.list.scrollHeight - 80) {
      const more = this.more;
      this.more = null;
      more();
    }
  }

  // True when the key was for the panel.
  key(event) {
    if (!this.open) return false;
    const entry = this.entries[this.chosen];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.entries.length) this.choose(this.chosen < 0 && step < 0 ? -1 : this.chosen + step);
    else if (event.key === "Tab" && !event.shiftKey && entry?.complete) entry.complete();
    else if (event.key === "Enter" && !event.shiftKey && entry) entry.pick();
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
