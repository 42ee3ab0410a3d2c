// Inline mode: "@botname query" in the box asks the bot; its results stand over the box.

import { element } from "./dom.js";
import { post } from "./net.js";
import { botCalled, here, placeKey, topicHere, world } from "./world.js";

const PAUSE = 350;
const ASKED = /^@(\w{3,32})\s([^]*)$/;

export class Inline {
  // `act`: chosen(), toast(text), open(person, place, how), target() of what is answered
  constructor(panel, act) {
    this.panel = panel;
    this.act = act;
    this.turn = 0; // grows with each question: an older answer never replaces a newer one
    this.timer = 0;
    this.asked = "";
  }

  // Looks at what is typed; true when it is a question to a bot.
  typed(text) {
    const found = text.match(ASKED);
    const bot = found && botCalled(found[1]);
    if (!bot || bot.inline === false) {
      this.stop();
      return false;
    }
    const query = found[2].trim().slice(0, 256);
    const question = `${world.person}&${placeKey(world.place)}&${bot.id}&${query}`;
    if (question === this.asked && (this.panel.owner === "inline" || this.timer)) return true;
    this.asked = question;
    clearTimeout(this.timer);
    const turn = (this.turn += 1);
    this.timer = setTimeout(() => this.ask(turn, bot, query), PAUSE);
    if (this.panel.owner !== "inline") this.waiting(bot);
    return true;
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.turn += 1;
    this.asked = "";
    this.panel.close("inline");
  }

  say(note, busy = false) {
    this.panel.show("inline", [], { note, busy });
  }

  waiting(bot) {
    this.say(`Asking ${bot.name}…`, true);
  }

  async ask(turn, bot, query, offset = "", before = []) {
    this.timer = 0;
    const body = { ...here(), bot_username: bot.username, query, offset };
    const told = await post("inline", body).catch((problem) => ({ error: problem.message }));
    if (turn !== this.turn) return;
    if (told.error) return this.say(`${bot.name}: ${told.error}`);
    if (told.late) return this.say(`${bot.name} does not answer`);
    this.draw(turn, bot, query, told, before);
  }

  draw(turn, bot, query, told, before) {
    const results = told.results.map((result) => this.entry(told.query_id, result));
    const lead = told.button && !before.length ? [this.lead(bot, told.button)] : [];
    const entries = [...before, ...lead, ...results];
    const more = told.next_offset && (() => this.ask(turn, bot, query, told.next_offset, entries));
    if (!entries.length) return this.say("No results");
    const note = results.length || before.length ? "" : "No results";
    this.panel.show("inline", entries, { note, label: `Results of ${bot.name}`, kept: before.length > 0, more });
  }

  entry(queryId, result) {
    const title = result.title || result.preview || "Photo";
    const words = element("span", "words");
    words.append(element("strong", "", title), element("span", "", result.description || (result.title ? result.preview : "")));
    return { node: [picture(result, title), words], pick: () => this.choose(queryId, result.id) };
  }

  lead(bot, button) {
    const open = () => {
      this.act.chosen();
      this.act.open(world.person, { bot: bot.id }, { payload: button.start_parameter ?? "" });
    };
    return { node: [element("strong", "", button.text)], pick: open, lead: true };
  }

  async choose(queryId, resultId) {
    const body = { ...here(), ...topicHere(), query_id: queryId, result_id: resultId, reply_to: this.act.target()?.id };
    this.stop();
    try {
      await post("choose", body);
      this.act.chosen();
    } catch (problem) {
      this.act.toast(`Not sent: ${problem.message}`);
    }
  }
}

// The result's thumbnail or photo from this server; otherwise a tile with its first letter.
function picture(result, title) {
  const file = result.thumbnail || result.photo;
  const tile = element("span", "tile", [...title.trim()][0]?.toUpperCase() ?? "•");
  tile.setAttribute("aria-hidden", "true");
  if (!file || /^https?:/.test(file)) return tile;
  const image = element("img", "tile");
  image.src = `/page/file/${encodeURIComponent(file)}`;
  image.alt = "";
  image.addEventListener("error", () => image.replaceWith(tile));
  return image;
}
