// The buttons of the page's own HTML and what else is pressed anywhere on it.

import { $ } from "./dom.js";
import { groupMenu, members } from "./group.js";
import { aboutBot, botMenu, title } from "./head.js";
import { followed } from "./links.js";
import { inGroup, world } from "./world.js";

// `parts`: act, panel, commands, scrolling, block(blocked), addressed()
export function wire({ act, panel, commands, scrolling, block, addressed }) {
  $("skip").addEventListener("click", () => ($("composer").hidden ? $("instead").firstElementChild : $("box"))?.focus());
  $("menu").addEventListener("click", () => {
    const shown = panel.owner === "commands";
    $("box").focus();
    if (shown) panel.close();
    else commands.show("/");
  });
  $("place-menu").addEventListener("click", ({ currentTarget }) => (inGroup() ? groupMenu(currentTarget) : botMenu(currentTarget, block)));
  $("name").addEventListener("click", () => (inGroup() ? members() : world.place && aboutBot()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && followed(link.href, act)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => title(scrolling.unread));
  window.addEventListener("popstate", () => world.people.length && addressed());
}
