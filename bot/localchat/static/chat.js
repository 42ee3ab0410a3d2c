// The page: who talks with whom, what the stream tells, what a press does.

import { Composer } from "./composer.js";
import { Messages } from "./messages.js";
import { everyone, listen, post } from "./net.js";
import { openMenu, showAlert, toast } from "./overlays.js";
import { element } from "./text.js";

const $ = (id) => document.getElementById(id);
const chat = { person: 0, bot: 0 };
let people = [];
let bots = [];
let profile = { name: "Local chat", description: "", commands: [] };
let state = { started: false, blocked: false };
let stream = null;
let online = false;
let typingUntil = 0;
let unread = 0;
let lastTop = 0;
let stuck = true; // the newest message is in sight, and shall stay so

const act = {
  names: () => ({ person: nameOf(people, chat.person), bot: profile.name }),
  toast,
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied");
    } catch {
      toast("The browser did not allow copying");
    }
  },
  command: (text) => act.send(text.replace(/@\w+$/, ""), {}).catch((problem) => toast(problem.message)),
  async send(text, target) {
    if (target.edit) await post("edit", { ...chat, message_id: target.edit.id, text });
    else await post("send", { ...chat, text, reply_to: target.reply?.id });
    toNewest();
  },
  press(message, button, node) {
    if (button.kind === "callback") return press(message, button, node);
    if (button.kind === "copy") return act.copy(button.value);
    if (button.kind === "fill") return composer.fill(button.value.trimStart());
    return toast("This kind of button does nothing in the local chat");
  },
  menu,
};
const messages = new Messages($("log"), act);
const composer = new Composer(act);

// --- drawing

function nameOf(list, id) {
  return list.find((each) => each.id === id)?.name ?? "";
}

function drawHead() {
  $("bot-name").textContent = profile.name;
  document.title = profile.name;
  $("avatar").textContent = [...profile.name.trim()][0]?.toUpperCase() ?? "•";
  $("bot-name").hidden = bots.length > 1;
  $("bot").hidden = bots.length < 2;
  options($("bot"), bots, chat.bot);
  options($("person"), people, chat.person);
  drawStatus();
}

function options(select, list, chosen) {
  select.replaceChildren(
    ...list.map((each) => {
      const option = element("option", "", each.name);
      option.value = each.id;
      option.selected = each.id === chosen;
      return option;
    }),
  );
}

function drawStatus() {
  const typing = online && Date.now() < typingUntil;
  const words = !chat.bot ? "waiting for a bot" : !online ? "connecting…" : typing ? "typing…" : "bot";
  if ($("status").textContent !== words) $("status").textContent = words;
  $("status").classList.toggle("typing", typing);
}

function drawFoot() {
  const asleep = !chat.bot;
  const begin = !state.started && !messages.size;
  $("composer").hidden = asleep || begin || state.blocked;
  $("start").hidden = asleep || !(begin || state.blocked);
  $("start").textContent = state.blocked ? "Unblock" : "Start";
  $("block").hidden = asleep || !state.started;
  $("block").textContent = state.blocked ? "↺" : "⊘";
  const label = state.blocked ? "Unblock the bot" : "Block the bot";
  $("block").setAttribute("aria-label", label);
  $("block").title = label;
  $("intro").hidden = messages.size > 0;
  const [title, words] = $("intro").children;
  title.textContent = asleep ? "No bot yet" : profile.description ? "What can this bot do?" : "No messages yet";
  words.textContent = asleep
    ? `Point a bot's Bot API root at ${location.origin} and start it. Any token of Telegram's form will do. It appears here with its first call.`
    : profile.description || "Press Start to begin.";
}

// --- the stream

function draw() {
  drawHead();
  drawFoot();
}

const handlers = {
  snapshot(told) {
    ({ people, bots, profile, state } = told);
    typingUntil = 0;
    messages.reset(told.messages);
    composer.setCommands(profile.commands);
    draw();
    toNewest();
  },
  message(message) {
    const isNew = messages.put(message);
    if (!message.own) typingUntil = 0;
    if (stuck) toNewest();
    else if (isNew && !message.own) setUnread(unread + 1);
    drawStatus();
    drawFoot();
  },
  deleted({ id }) {
    messages.remove(id);
    drawFoot();
  },
  typing() {
    typingUntil = Date.now() + 5000;
    drawStatus();
  },
  state(told) {
    state = told;
    drawFoot();
  },
  profile(told) {
    profile = told;
    composer.setCommands(profile.commands);
    draw();
  },
  everyone(told) {
    ({ people, bots } = told);
    draw();
  },
  lost: () => open(chat.person, chat.bot),
};

function open(person, bot) {
  stream?.close();
  Object.assign(chat, { person, bot });
  history.replaceState(null, "", `#person=${person}&bot=${bot}`);
  composer.aim({});
  stream = listen(chat, handlers, (is) => {
    online = is;
    drawStatus();
  });
}

// --- scrolling

function atNewest() {
  const scroll = $("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
}

function toNewest(smooth) {
  $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior: smooth ? "smooth" : "auto" });
  stuck = true;
  setUnread(0);
}

function setUnread(count) {
  unread = count;
  $("unread").textContent = count;
  $("unread").hidden = !count;
}

// Only scrolling up leaves the newest message; content that grows below does not.
function scrolled() {
  const top = $("scroll").scrollTop;
  if (atNewest()) stuck = true;
  else if (top < lastTop) stuck = false;
  lastTop = top;
  $("newest").hidden = stuck;
  if (stuck && unread) setUnread(0);
}

// --- presses

async function press(message, button, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    const answer = await post("tap", { ...chat, message_id: message.id, data: button.value });
    if (answer.late) return;
    if (answer.alert && answer.text) showAlert(answer.text);
    else if (answer.text) toast(answer.text);
    if (/^https?:/.test(answer.url || "")) window.open(answer.url, "_blank", "noopener");
  } catch (problem) {
    toast(problem.message);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function menu(message, anchor) {
  const entries = [["Reply", () => composer.aim({ reply: message })]];
  if (message.text) entries.push(["Copy text", () => act.copy(message.text)]);
  if (message.own && message.text && !message.photo) entries.push(["Edit", () => composer.aim({ edit: message })]);
  openMenu(entries, anchor);
}

// --- beginning

$("start").addEventListener("click", async () => {
  if (state.blocked) await post("block", { ...chat, blocked: false });
  else await act.send("/start", {});
  $("box").focus();
});
$("block").addEventListener("click", () => post("block", { ...chat, blocked: !state.blocked }));
$("person").addEventListener("change", (event) => open(Number(event.target.value), chat.bot));
$("bot").addEventListener("change", (event) => open(chat.person, Number(event.target.value)));
$("newest").addEventListener("click", () => toNewest(true));
$("scroll").addEventListener("scroll", scrolled, { passive: true });
// Pictures that load, a keyboard that opens: what was in sight stays in sight. Unfolding is reading, so it does not count.
$("log").addEventListener("click", (event) => event.target.closest("blockquote.folds") && (stuck = false), true);
const resized = new ResizeObserver(() => (stuck ? toNewest() : scrolled()));
resized.observe($("scroll"));
resized.observe($("log"));
setInterval(drawStatus, 1000);

async function begin() {
  const told = await everyone().catch(() => ({ people: [], bots: [] }));
  ({ people, bots } = told);
  if (!bots.length) {
    draw();
    setTimeout(begin, 1500);
    return;
  }
  const asked = new URLSearchParams(location.hash.slice(1));
  const pick = (list, name) => list.find((each) => String(each.id) === asked.get(name)) ?? list[0];
  open(pick(people, "person").id, pick(bots, "bot").id);
}

begin();
