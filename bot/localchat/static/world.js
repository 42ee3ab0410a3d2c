// What the page knows: who looks at which place, and what the stream has told about it.

import { paint } from "./dom.js";

export const world = {
  person: 0,
  place: null, // {bot: id} or {group: id}
  topic: null, // in a group with topics: null for all, 0 for the general one, else its id
  people: [],
  bots: [],
  groups: [],
  profile: { name: "Local chat", username: "", description: "", commands: [] },
  state: {},
};

export const GENERAL = 0;
const TINTS = [[5, 3, 0, 1, 2, 4, 6], [2, 4, 6, 1, 0, 3, 5], [1, 6, 4, 0, 5, 2, 3]]; // people, bots, groups: the first few differ

export function inGroup() {
  return world.place?.group !== undefined;
}

// The beginning of every post: the person and the place.
export function here() {
  return { person: world.person, ...world.place };
}

export function topicHere() {
  return world.topic ? { topic: world.topic } : {};
}

export function me() {
  return world.people.find((each) => each.id === world.person) ?? { id: 0, name: "" };
}

export function groupHere() {
  return inGroup() ? world.groups.find((each) => each.id === world.place.group) : undefined;
}

export function botHere() {
  return world.bots.find((each) => each.id === world.place?.bot);
}

// The bots that read here: the one of a private chat, those of a group.
export function botsHere() {
  return inGroup() ? (groupHere()?.bots ?? []) : [botHere()].filter(Boolean);
}

export function botCalled(username) {
  const wanted = username.replace(/^@/, "").toLowerCase();
  return world.bots.find((each) => each.username?.toLowerCase() === wanted);
}

export function isIn(group, person) {
  return group.members?.includes(person) ?? false;
}

// --- what the server tells of all

export function told({ people, bots, groups }) {
  Object.assign(world, { people, bots, groups: groups ?? [] });
  const all = [people, bots, world.groups];
  all.forEach((list, kind) => list.forEach((each, index) => paint(each.id, TINTS[kind][index % TINTS[kind].length])));
}

// --- places

export function placeKey(place) {
  return place.group === undefined ? `bot=${place.bot}` : `group=${place.group}`;
}

export function samePlace(one, other) {
  return Boolean(one && other) && placeKey(one) === placeKey(other);
}

export function exists(place) {
  if (!place) return false;
  const list = place.group === undefined ? world.bots : world.groups;
  return list.some((each) => each.id === (place.group ?? place.bot));
}

// The places a person can look at, as {place, name, kind, id}.
export function places() {
  return [
    ...world.bots.map((bot) => ({ place: { bot: bot.id }, id: bot.id, name: bot.name, bot })),
    ...world.groups.map((group) => ({ place: { group: group.id }, id: group.id, name: group.title, group })),
  ];
}

// --- the address: a reload, a bookmark and the browser's Back find the place again

export function addressed() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (asked.has(name) ? Number(asked.get(name)) : undefined);
  const place = asked.has("group") ? { group: number("group") } : asked.has("bot") ? { bot: number("bot") } : null;
  return { person: number("person"), place };
}

export function writeAddress(replace) {
  const address = `#person=${world.person}&${placeKey(world.place)}`;
  if (address === location.hash) return;
  if (replace || !location.hash) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
}
