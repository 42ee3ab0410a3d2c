// The message box: sending, the command list, replying and editing.

import { element } from "./text.js";

const $ = (id) => document.getElementById(id);

export class Composer {
  // `act.send(text, {reply, edit})` gives a promise; the box is emptied when it succeeds.
  constructor(act) {
    this.act = act;
    this.commands = [];
    this.target = {};
    this.chosen = -1;
    this.box = $("box");
    this.list = $("commands");
    this.context = $("context");
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.closeList(), 150));
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    $("menu").addEventListener("click", () => {
      if (this.list.hidden) {
        this.box.focus();
        this.openList(this.commands);
      } else this.closeList();
    });
    this.context.querySelector("button").addEventListener("click", () => this.aim({}));
  }

  setCommands(commands) {
    this.commands = commands;
    $("menu").hidden = !commands.length;
    this.changed();
  }

  fill(text) {
    this.box.value = text;
    this.changed();
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
  }

  // What the next message answers ({reply}) or replaces ({edit}).
  aim(target) {
    if (this.target.edit && !target.edit) this.fill("");
    this.target = target;
    const about = target.reply || target.edit;
    this.context.hidden = !about;
    if (!about) return;
    this.context.querySelector("strong").textContent = target.edit ? "Edit message" : "Reply";
    this.context.querySelector("span").textContent = about.text || "Attachment";
    if (target.edit) this.fill(target.edit.text);
    this.box.focus();
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const target = this.target;
    this.box.value = "";
    this.target = {};
    this.aim({});
    this.changed();
    try {
      await this.act.send(text, target);
    } catch (problem) {
      if (!this.box.value) this.fill(text);
      this.aim(target);
      this.act.toast(`Not sent: ${problem.message}`);
    }
  }

  changed() {
    this.box.style.height = "auto";
    const needed = this.box.scrollHeight; // 0 while the box is not on show
    if (needed) this.box.style.height = `${Math.min(needed, 160)}px`;
    $("send").disabled = !this.box.value.trim();
    const typed = this.box.value;
    if (/^\/\w*$/.test(typed)) this.openList(this.commands.filter((each) => `/${each.command}`.startsWith(typed.toLowerCase())));
    else this.closeList();
  }

  openList(commands) {
    this.list.replaceChildren(...commands.map((each, index) => this.option(each, index)));
    this.list.hidden = !commands.length;
    this.chosen = -1;
    if (this.box.value && commands.length) this.choose(0);
    this.mark();
  }

  closeList() {
    this.list.hidden = true;
    this.mark();
  }

  mark() {
    $("menu").setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
  }

  option(each, index) {
    const node = element("li");
    node.id = `command-${index}`;
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.dataset.command = each.command;
    node.append(element("strong", "", `/${each.command}`), element("span", "", each.description));
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", () => this.pick(each.command));
    return node;
  }

  choose(index) {
    const options = [...this.list.children];
    if (!options.length) return;
    this.chosen = (index + options.length) % options.length;
    options.forEach((node, at) => node.setAttribute("aria-selected", String(at === this.chosen)));
    options[this.chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", options[this.chosen].id);
  }

  pick(command) {
    this.box.value = `/${command}`;
    this.closeList();
    this.submit();
  }

  key(event) {
    if (event.isComposing) return;
    if (!this.list.hidden) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
        return;
      }
      const option = this.list.children[this.chosen];
      if (event.key === "Tab" && !event.shiftKey && option) {
        event.preventDefault();
        this.fill(`/${option.dataset.command} `);
        return;
      }
      if (event.key === "Enter" && !event.shiftKey && option) {
        event.preventDefault();
        this.pick(option.dataset.command);
        return;
      }
      if (event.key === "Escape") {
        this.closeList();
        return;
      }
    }
    if (event.key === "Escape") this.aim({});
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }
}
