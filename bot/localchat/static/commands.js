// "/" and the menu: the commands that the bots here have set. "@": the bots that can be asked inline.

import { avatar, element } from "./dom.js";
import { botsHere, inGroup, world } from "./world.js";

// How a command is written here: with the bot's name where several bots would hear it.
function written(each) {
  const addressed = inGroup() && each.bot && botsHere().length > 1;
  return addressed ? `/${each.command}@${each.bot}` : `/${each.command}`;
}

export class Commands {
  // `act`: send(text), fill(text)
  constructor(panel, act) {
    this.panel = panel;
    this.act = act;
  }

  // Completes what is typed; true when that was for it.
  typed(text) {
    if (/^\/[\w@]*$/.test(text)) return this.show(text.toLowerCase());
    if (/^@\w*$/.test(text)) return this.bots(text.slice(1).toLowerCase());
    this.panel.close("commands");
    return false;
  }

  show(start) {
    const fitting = world.profile.commands.filter((each) => written(each).toLowerCase().startsWith(start));
    if (fitting.length) this.panel.show("commands", fitting.map((each) => this.entry(each)), { label: "Commands" });
    else this.panel.close();
    return fitting.length > 0;
  }

  bots(start) {
    const fitting = world.bots.filter((bot) => bot.inline && bot.username?.toLowerCase().startsWith(start));
    if (fitting.length) this.panel.show("commands", fitting.map((bot) => this.bot(bot)), { label: "Inline bots" });
    else this.panel.close();
    return fitting.length > 0;
  }

  entry(each) {
    const words = element("span", "words row-words");
    words.append(element("strong", "", written(each)), element("span", "", each.description));
    return {
      node: [words],
      pick: () => this.act.send(written(each)),
      complete: () => this.act.fill(`${written(each)} `),
    };
  }

  bot(bot) {
    const words = element("span", "words");
    words.append(element("strong", "", bot.name), element("span", "", `@${bot.username}`));
    const fill = () => this.act.fill(`@${bot.username} `);
    return { node: [avatar(bot.id, bot.name, "small"), words], pick: fill, complete: fill };
  }
}
