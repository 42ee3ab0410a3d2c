// The bar over the chat: who is there, what they do, and whether the server is.

import { $, avatar, element } from "./dom.js";
import { memberCount } from "./group.js";
import { openMenu } from "./menus.js";
import { dialog } from "./overlays.js";
import { inGroup, world } from "./world.js";

const TYPING = 5500;
const QUIET = 800;
const DOING = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  upload_video: "sending a video",
  record_voice: "recording a voice message",
  upload_voice: "sending a voice message",
  choose_sticker: "choosing a sticker",
  find_location: "finding a place",
};

let doing = null;
let timer = 0;
let connection = 0;

export function drawHead() {
  const id = world.place ? (world.place.group ?? world.place.bot) : 0;
  const { name } = world.profile;
  $("name").textContent = name;
  $("face").replaceChildren(avatar(id, name));
  $("place-menu").hidden = !world.place;
  drawStatus();
}

export function title(unread) {
  document.title = unread && document.hidden ? `(${unread}) ${world.profile.name}` : world.profile.name;
}

function drawStatus() {
  const status = $("status");
  const asleep = world.place ? (inGroup() ? memberCount() : "bot") : "waiting for a bot";
  const active = doing && Date.now() < doing.until;
  const words = active ? `${inGroup() && doing.name ? `${doing.name} is ` : ""}${doing.what}` : asleep;
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle("typing", Boolean(active));
  if (active) status.append(element("span", "dots"));
}

// Somebody types, sends …; `null` when nobody does any more.
export function typing(told) {
  clearTimeout(timer);
  doing = told && { what: DOING[told.action] ?? "typing", name: told.name, until: Date.now() + TYPING };
  if (doing) timer = setTimeout(() => typing(null), TYPING);
  drawStatus();
}

// A short break is not worth a word.
export function drawConnection(online) {
  clearTimeout(connection);
  connection = 0;
  if (online) $("offline").textContent = "";
  else connection = setTimeout(() => ($("offline").textContent = "Connecting…"), QUIET);
}

export function botMenu(anchor, block) {
  const blocked = world.state.blocked;
  const label = blocked ? "Unblock the bot" : "Block the bot";
  openMenu([["About this bot", "people", aboutBot], [label, "block", () => block(!blocked), { danger: true }]], anchor);
}

export function aboutBot() {
  const { name, username, description } = world.profile;
  const words = [element("p", "soft", `@${username}`), element("p", "", description || "This bot says nothing about itself.")];
  const close = element("button", "plain", "Close");
  const form = element("form", "answers");
  form.method = "dialog";
  form.append(close);
  dialog("about-bot", name, [...words, form]);
}
