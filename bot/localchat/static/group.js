// What can be done with a group: its menu, its members, its topics.

import { $, avatar, button, element, plural } from "./dom.js";
import { post } from "./net.js";
import { openMenu } from "./menus.js";
import { ask, dialog, toast } from "./overlays.js";
import { GENERAL, groupHere, here, world } from "./world.js";

const GENERAL_THREAD = 1;
const STATUS = { creator: "owner", owner: "owner", administrator: "admin", admin: "admin" };

// What the server answers, null when it refused.
export async function change(action, more = {}) {
  try {
    return await post("group", { ...here(), action, ...more });
  } catch (problem) {
    toast(problem.message);
    return null;
  }
}

export function strangers() {
  const inside = new Set(groupHere()?.bots.map((bot) => bot.id));
  return world.bots.filter((bot) => !inside.has(bot.id));
}

export function groupMenu(anchor) {
  const { member, kind, forum } = world.state;
  if (!member) return openMenu([["Members", "people", members], ["Join the group", "plus", () => change("join")]], anchor);
  const entries = [["Members", "people", members]];
  for (const bot of strangers()) entries.push([`Add ${bot.name}`, "plus", () => change("add_bot", { bot: bot.id })]);
  if (forum) entries.push(["New topic", "topic", newTopic]);
  if (leads()) {
    if (kind === "supergroup") entries.push([`Turn topics ${forum ? "off" : "on"}`, "topic", () => change("forum", { on: !forum })]);
    else entries.push(["Upgrade to supergroup", "up", () => change("upgrade")]);
  }
  entries.push(["Leave the group", "leave", () => change("leave"), { danger: true }]);
  return openMenu(entries, anchor);
}

// Whether this person may change the group.
function leads() {
  return STATUS[world.state.members?.find((each) => each.id === world.person)?.status] !== undefined;
}

let enter = () => {};

function newTopic() {
  ask("New topic", "Name", "Create", async (name) => {
    const begun = await change("new_topic", { name });
    if (begun) enter(begun.topic);
  });
}

// --- members

export function members() {
  const list = element("ul", "picks");
  const node = dialog("members", groupHere()?.title ?? "Members", [list]);
  const close = button("plain quiet", "Close", () => node.close());
  const row = element("div", "answers");
  row.append(close);
  node.append(row);
  const draw = () => {
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    list.replaceChildren(...(world.state.members ?? []).map(member));
    if (focused) ([...list.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === focused) ?? close).focus();
  };
  draw();
  close.focus();
  node.addEventListener("redraw", draw);
}

// The list of members that is open follows what happens.
export function redrawMembers() {
  document.querySelector("dialog.members")?.dispatchEvent(new Event("redraw"));
}

function member(each) {
  const item = element("li", "member");
  const words = element("span", "words");
  words.append(element("strong", "", each.name), element("span", "", standing(each)));
  item.append(avatar(each.id, each.name), words);
  if (!each.is_bot || !leads()) return item;
  const admin = STATUS[each.status] !== undefined;
  const more = button("round", `Actions for ${each.name}`, () => {
    openMenu(
      [
        [admin ? "Dismiss as admin" : "Make admin", "star", () => change("promote_bot", { bot: each.id, admin: !admin })],
        ["Remove from the group", "remove", () => change("remove_bot", { bot: each.id }), { danger: true }],
      ],
      more,
    );
  }, "more");
  item.append(more);
  return item;
}

function standing({ is_bot: isBot, status }) {
  return [isBot ? "bot" : "", STATUS[status] ?? ""].filter(Boolean).join(", ") || "member";
}

export function memberCount() {
  const all = world.state.members ?? [];
  const bots = all.filter((each) => each.is_bot).length;
  return [plural(all.length, "member"), bots ? plural(bots, "bot") : ""].filter(Boolean).join(", ");
}

// --- topics

export function topicName(id) {
  if (!world.state.forum || !id) return "";
  return world.state.topics?.find((topic) => topic.id === id)?.name ?? "";
}

export function drawTopics(choose) {
  enter = choose;
  const bar = $("topics");
  const topics = (world.state.forum && world.state.topics) || [];
  bar.hidden = !world.state.forum;
  if (bar.hidden) return bar.replaceChildren();
  const named = topics.filter((topic) => topic.id !== GENERAL_THREAD);
  const all = [{ id: null, name: "All" }, { id: GENERAL, name: "General" }, ...named];
  const focused = bar.contains(document.activeElement) && document.activeElement.textContent;
  bar.replaceChildren(...all.map((topic) => chip(topic, choose)));
  if (world.state.member) bar.append(button("chip add", "New topic", newTopic, "plus"));
  if (focused) [...bar.children].find((each) => each.textContent === focused)?.focus();
  return undefined;
}

function chip(topic, choose) {
  const node = button("chip", topic.name, () => choose(topic.id));
  node.setAttribute("aria-pressed", String(world.topic === topic.id));
  if (topic.closed) node.classList.add("closed");
  return node;
}
