// What stands where one writes: the box, what has to be done first, or over the box what may be done.

import { $, button } from "./dom.js";
import { change, strangers } from "./group.js";
import { inGroup, botsHere, world } from "./world.js";

// `empty`: nothing has been said here; `payload`: what a deep link wants to be started with (undefined: none);
// `act`: start(), unblock()
export function drawFoot(empty, payload, act) {
  const offers = world.place ? (inGroup() ? groupOffers() : privateOffers(empty, payload, act)) : [];
  const instead = $("instead");
  const beside = offers.length > 0 && inGroup() && world.state.member !== false;
  const replaced = offers.length > 0 && !beside;
  const focused = instead.contains(document.activeElement) || (replaced && $("composer").contains(document.activeElement));
  const before = [...instead.children].map((each) => each.textContent).join("\n");
  const changed = before !== offers.map(([label]) => label).join("\n");
  $("composer").hidden = !world.place || replaced;
  instead.classList.toggle("beside", beside);
  instead.hidden = !offers.length;
  if (changed) instead.replaceChildren(...offers.map(([label, run]) => button("wide", label, run)));
  $("menu").hidden = !world.profile.commands.length;
  $("menu").classList.toggle("short", inGroup());
  drawIntro(empty);
  if (focused && changed) (instead.firstElementChild ?? next()).focus();
}

// Where the focus goes when there is nothing to press any more; on a phone the keyboard stays down.
function next() {
  return matchMedia("(hover: none)").matches ? $("scroll") : $("box");
}

function privateOffers(empty, payload, act) {
  if (world.state.blocked) return [["Unblock", act.unblock]];
  if (payload !== undefined || (world.state.started === false && empty)) return [["Start", act.start]];
  return [];
}

function groupOffers() {
  if (world.state.member === false) return [["Join the group", () => change("join")]];
  if (botsHere().length) return [];
  return strangers().map((bot) => [`Add ${bot.name} to the group`, () => change("add_bot", { bot: bot.id })]);
}

function drawIntro(empty) {
  $("intro").hidden = !empty && Boolean(world.place);
  const [title, words] = $("intro").children;
  const said = world.profile.description;
  if (!world.place) {
    title.textContent = "No bot yet";
    words.textContent = `Point a bot's Bot API root at ${location.origin} and start it. Any token of Telegram's form will do. It appears here with its first call.`;
  } else if (inGroup()) {
    title.textContent = said ? world.profile.name : "Nothing has been said here yet";
    words.textContent = said || "Everyone here reads what you write. Bots that are added hear commands, replies to them and messages that name them.";
  } else {
    title.textContent = said ? "What can this bot do?" : "No messages yet";
    words.textContent = said || (world.state.started ? "Write something below." : "Press Start to begin.");
  }
}
