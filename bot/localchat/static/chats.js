// The list of chats (a column on wide screens, over the chat on a phone) and who one is.

import { $, avatar, element, plural } from "./dom.js";
import { draft } from "./composer.js";
import { summary } from "./media.js";
import { openMenu } from "./menus.js";
import { post } from "./net.js";
import { ask, choose, toast } from "./overlays.js";
import { shortTime } from "./times.js";
import { isIn, me, placeKey, places, samePlace, world } from "./world.js";

export class Chats {
  // `act`: open(person, place)
  constructor(act) {
    this.act = act;
    this.last = new Map(); // what was said last: {words, date, unread}
    $("open-chats").addEventListener("click", () => this.show(true));
    $("close-chats").addEventListener("click", () => this.show(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.body.matches(".list-open:not(:has(dialog[open]))")) this.show(false);
    });
    for (const id of ["me", "me-here"]) $(id).addEventListener("click", () => this.people($(id)));
    $("new-group").addEventListener("click", () => ask("New group", "Name", "Create", (title) => this.found(title)));
    this.narrow = matchMedia("(max-width: 899px)");
    this.narrow.addEventListener("change", () => this.show(false, false));
    this.show(false, false);
  }

  // On a phone the list covers the chat; what is covered is out of reach meanwhile.
  show(open, focus = true) {
    const narrow = this.narrow.matches;
    document.body.classList.toggle("list-open", open && narrow);
    $("open-chats").setAttribute("aria-expanded", String(open && narrow));
    $("chat").inert = open && narrow;
    $("chats").inert = !open && narrow;
    if (!narrow || !focus) return;
    if (open) ($("chat-list").querySelector("[aria-current]") ?? $("close-chats")).focus();
    else $("open-chats").focus();
  }

  // The newest message of the place that is looked at; undefined when there is none.
  heard(message) {
    this.put(world.place, message, 0);
    this.draw();
  }

  // The newest messages of all one's places, as {place, message, unread}.
  lately(all) {
    for (const { place, message, unread } of all) this.put(place, message, unread);
  }

  // Something was said in another place.
  said({ place, message, unread }) {
    this.put(place, message, unread);
    this.draw();
  }

  put(place, message, unread) {
    if (!message) return this.last.delete(this.key(place));
    const { group } = place;
    const name = message.service ? "" : message.own ? "You: " : group === undefined ? "" : `${message.from.name}: `;
    return this.last.set(this.key(place), { words: `${name}${summary(message)}`, date: message.date, unread });
  }

  key(place) {
    return `${world.person}&${placeKey(place)}`;
  }

  draw() {
    const { id, name } = me();
    const words = element("span", "words");
    words.append(element("strong", "", name), element("span", "", "You"));
    $("me").replaceChildren(avatar(id, name), words);
    $("me-here").replaceChildren(avatar(id, name, "small"));
    for (const each of ["me", "me-here"]) $(each).setAttribute("aria-label", `You are ${name}. Switch person`);
    const at = [...$("chat-list").querySelectorAll("button")].indexOf(document.activeElement);
    $("chat-list").replaceChildren(...places().map((each) => this.row(each)));
    if (at >= 0) $("chat-list").querySelectorAll("button")[at]?.focus();
  }

  row(each) {
    const item = element("li");
    const node = element("button", "chat-row");
    node.type = "button";
    if (samePlace(each.place, world.place)) node.setAttribute("aria-current", "true");
    const words = element("span", "words");
    const last = this.last.get(this.key(each.place));
    const top = element("span", "top");
    top.append(element("strong", "", each.name), element("time", "", last ? shortTime(last.date) : ""));
    const below = element("span", "top");
    below.append(this.note(each));
    if (last?.unread) {
      const count = element("span", "count", last.unread > 99 ? "99+" : last.unread);
      count.append(element("span", "sr", " unread"));
      below.append(count);
    }
    words.append(top, below);
    node.append(avatar(each.id, each.name, "large"), words);
    node.addEventListener("click", () => {
      this.act.open(world.person, each.place);
      this.show(false);
    });
    item.append(node);
    return item;
  }

  note(each) {
    const waiting = !samePlace(each.place, world.place) && draft(this.key(each.place));
    const note = element("span", "note", waiting || this.last.get(this.key(each.place))?.words || about(each));
    if (waiting) note.prepend(element("em", "", "Draft: "));
    return note;
  }

  people(anchor) {
    const entries = world.people.map((each) => [
      each.name,
      avatar(each.id, each.name, "small"),
      () => this.act.open(each.id, world.place),
      { checked: each.id === world.person },
    ]);
    openMenu(entries, anchor);
  }

  async found(title) {
    try {
      const { id } = await post("new_group", { person: world.person, title });
      this.show(false, false);
      this.act.open(world.person, { group: id });
    } catch (problem) {
      toast(problem.message);
    }
  }

  // Asks for one of the places; `only` says which may be chosen.
  pick(title, chosen, only = () => true) {
    const entries = places().filter(only);
    const rows = entries.map((each) => ({
      name: each.name,
      note: about(each),
      face: avatar(each.id, each.name),
      run: () => chosen(each.place),
    }));
    choose(title, rows);
  }
}

function about({ bot, group }) {
  if (bot) return `@${bot.username ?? ""}`;
  const count = (group.members?.length ?? 0) + (group.bots?.length ?? 0);
  return isIn(group, world.person) ? plural(count, "member") : `${plural(count, "member")}, you are not in`;
}
