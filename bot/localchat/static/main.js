// The page: brings the parts together, opens places, takes what the stream tells.

import { attachments } from "./attach.js";
import { Chats } from "./chats.js";
import { Commands } from "./commands.js";
import { Composer } from "./composer.js";
import { $, drawIcons } from "./dom.js";
import { drawFoot } from "./foot.js";
import { change, drawTopics, redrawMembers, topicName } from "./group.js";
import { drawConnection, drawHead, title, typing } from "./head.js";
import { Inline } from "./inline.js";
import { begin, openAddressed } from "./entrance.js";
import { ReplyKeyboard } from "./keys.js";
import { Messages, inTopic } from "./messages.js";
import { Stream, everyone, post } from "./net.js";
import { announce, copy, toast } from "./overlays.js";
import { Panel } from "./panel.js";
import { Presses } from "./presses.js";
import { Scrolling } from "./scrolling.js";
import { share } from "./sharing.js";
import { wire } from "./wiring.js";
import { botCalled, exists, here, inGroup, me, placeKey, places, told as toldOfAll, topicHere, world, writeAddress } from "./world.js";

const MISSES = 8; // that often a place may be missing on the server before another one is opened
const NOBODY = { name: "Local chat", username: "", description: "", commands: [] };

let drawn = ""; // the place whose messages stand there
let payload; // what a deep link wants the bot to be started with
let misses = 0;

const act = {
  toast,
  copy,
  open,
  send,
  fill: (text) => composer.fill(text),
  // A press that writes: a command in a text, a key of the bot's keyboard.
  write: (text) => send(text).catch((problem) => toast(`Not sent: ${problem.message}`)),
  command: (text) => act.write(inGroup() ? text : text.replace(/@\w+$/, "")),
  known: (name) => botCalled(name) !== undefined,
  mention: (name) => open(world.person, { bot: botCalled(name).id }),
  press: (message, button, node) => presses.press(message, button, node),
  busy: (message, button) => presses.busy(message, button),
  menu: (message, anchor) => presses.menu(message, anchor),
  aim: (target) => composer.aim(target),
  pick: (...asked) => chats.pick(...asked),
  leave: () => $("scroll").focus(),
  redraw: (id) => messages.all.has(id) && messages.put(messages.all.get(id)),
  topicName,
  add: addToGroup,
};

const panel = new Panel($("box"));
const messages = new Messages($("log"), act);
const presses = new Presses(act);
const chats = new Chats(act);
const scrolling = new Scrolling();
const keyboard = new ReplyKeyboard({ send: act.write, share: (kind, message) => share(kind, message, () => scrolling.toNewest()) });
const commands = new Commands(panel, { send: pickCommand, fill: act.fill });
const inline = new Inline(panel, { ...act, chosen: inlineChosen, target: () => composer.target.reply });
const composer = new Composer(panel, {
  ...act,
  typed: (text) => inline.typed(text) || commands.typed(text),
  stop: () => inline.stop(),
  editLast: () => editLast(),
});
const stream = new Stream(
  { snapshot, message, deleted, typing, state, profile, said: (told) => chats.said(told), everyone: arrived, migrated: ({ to }) => open(world.person, { group: to }, { replace: true }) },
  online,
);

// --- doing

async function send(text, target = {}) {
  if (target.edit) await post("edit", { ...here(), message_id: target.edit.id, text });
  else await post("send", { ...here(), ...topicHere(), text, reply_to: target.reply?.id });
  scrolling.toNewest();
}

function pickCommand(text) {
  composer.set(text);
  panel.close();
  composer.submit();
}

function inlineChosen() {
  composer.set("");
  composer.aim({});
  scrolling.toNewest();
}

function editLast() {
  const last = messages.lastOwn();
  if (last) composer.aim({ edit: last });
  return Boolean(last);
}

function addToGroup(bot, place, text) {
  open(world.person, place);
  change("add_bot", { bot: bot.id, payload: text || undefined });
}

async function start() {
  const asked = payload;
  payload = undefined;
  try {
    if (asked === undefined) await send("/start");
    else await post("start", { ...here(), payload: asked });
  } catch (problem) {
    toast(problem.message);
  }
  foot();
}

const block = (blocked) => post("block", { ...here(), blocked }).catch((problem) => toast(problem.message));

// --- drawing

function foot() {
  drawFoot(!messages.size, payload, { start, unblock: () => block(false) });
  composer.placeholder(keyboard.placeholder);
}

function draw() {
  chats.draw();
  drawHead();
  drawTopics(chooseTopic);
  redrawMembers();
  foot();
  title(scrolling.unread);
}

function chooseTopic(id) {
  world.topic = id;
  messages.redraw();
  drawTopics(chooseTopic);
  scrolling.toNewest();
}

// --- the stream

function snapshot(told) {
  const key = JSON.stringify(here());
  toldOfAll(told);
  Object.assign(world, { profile: told.profile, state: told.state });
  typing(null);
  const same = drawn === key;
  drawn = key;
  messages.reset(told.messages, same);
  keyboard.follow(messages.list);
  chats.lately(told.lately);
  chats.heard(messages.newest);
  draw();
  if (!same || scrolling.stuck) scrolling.toNewest();
  const { newest } = messages;
  if (!same && newest?.forceReply && !newest.own) replyTo(newest);
}

function message(told) {
  const isNew = messages.put(told);
  if (!told.own) typing(null);
  if (inTopic(told)) scrolling.arrived(isNew && !told.own);
  keyboard.follow(messages.list);
  if (isNew && !told.own) {
    announce(messages.spoken(told));
    if (told.forceReply) replyTo(told);
  }
  chats.heard(messages.newest);
  foot();
  title(scrolling.unread);
}

function replyTo(told) {
  composer.aim({ reply: told, name: told.from?.name ?? world.profile.name }, !matchMedia("(hover: none)").matches);
}

function deleted({ id }) {
  messages.remove(id);
  keyboard.follow(messages.list);
  chats.heard(messages.newest);
  foot();
}

function state(told) {
  world.state = told;
  if (world.topic && !told.topics?.some((topic) => topic.id === world.topic)) chooseTopic(null);
  draw();
}

function profile(told) {
  world.profile = told;
  draw();
}

function arrived(told) {
  toldOfAll(told);
  world.person ||= world.people[0].id;
  draw();
}

async function online(is) {
  drawConnection(is);
  misses = is ? 0 : misses;
  if (is) return;
  typing(null);
  const told = await everyone().catch(() => null);
  if (!told) return;
  arrived(told);
  misses = exists(world.place) ? 0 : misses + 1;
  if (misses > MISSES && places().length) open(me().id || world.people[0].id, places()[0].place, { replace: true });
}

// --- places

// Goes to a place; `how`: {fill} the box, {payload} of a deep link, {replace} the address.
function open(person, place, how = {}) {
  payload = how.payload;
  const key = `${person}&${placeKey(place)}`;
  if (key !== composer.key) {
    Object.assign(world, { person, place, topic: null, profile: NOBODY, state: {} });
    const known = places().find((each) => placeKey(each.place) === placeKey(place));
    world.profile = { ...NOBODY, name: known?.name ?? "" };
    messages.clear();
    drawn = "";
    misses = 0;
    inline.stop();
    typing(null);
    keyboard.follow([]);
    writeAddress(how.replace);
    composer.enter(key);
    stream.open(here());
    chats.draw();
    drawHead();
  } else foot();
  if (how.fill !== undefined) composer.fill(how.fill);
}

drawIcons();
attachments(() => ({ ...here(), ...topicHere() }), () => scrolling.toNewest());
wire({ act, panel, commands, scrolling, block, addressed: () => openAddressed(open) });
begin(open, arrived);
