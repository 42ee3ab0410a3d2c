// A small menu beside what was pressed. It closes by Escape, a choice, or a press or scrolling elsewhere.

import { $, element, icon } from "./dom.js";

const MOVED = ["resize", "scroll"]; // such as by a phone's keyboard that goes down

let open = null; // {anchor, close}

// Each entry is [label, icon, run, more], `more` {danger, checked}.
export function openMenu(entries, anchor) {
  if (open?.anchor === anchor) return;
  open?.close();
  const back = document.activeElement;
  const list = $("actions");
  const within = anchor.closest("dialog") ?? document.body; // what lies under a dialog is out of reach
  const outside = (event) => list.contains(event.target) || close();
  const follow = () => anchor.isConnected && stand(list, anchor);
  // The focus goes back to where it was when it was a key that closed the menu.
  function close(byKey = false) {
    list.hidden = true;
    document.body.append(list);
    anchor.removeAttribute("aria-expanded");
    for (const name of ["pointerdown", "wheel"]) document.removeEventListener(name, outside, true);
    for (const name of MOVED) window.removeEventListener(name, follow, true);
    open = null;
    if (byKey && back?.isConnected) back.focus();
  }
  open = { anchor, close };
  within.append(list);
  list.replaceChildren(...entries.map((entry) => menuItem(entry, close)));
  list.onkeydown = (event) => menuKey(event, list, close);
  list.hidden = false;
  if (anchor.hasAttribute("aria-haspopup")) anchor.setAttribute("aria-expanded", "true");
  stand(list, anchor);
  list.firstElementChild.focus({ preventScroll: true });
  for (const name of ["pointerdown", "wheel"]) document.addEventListener(name, outside, { capture: true, passive: true });
  for (const name of MOVED) window.addEventListener(name, follow, true);
  within.addEventListener("close", () => open?.anchor === anchor && close(), { once: true });
}

function menuItem([label, picture, run, { danger, checked } = {}], close) {
  const node = element("button", danger ? "danger" : "");
  node.type = "button";
  node.setAttribute("role", checked === undefined ? "menuitem" : "menuitemradio");
  if (checked !== undefined) node.setAttribute("aria-checked", String(checked));
  node.append(picture instanceof Node ? picture : icon(picture), element("span", "", label));
  node.addEventListener("click", (event) => {
    close(event.detail === 0); // 0: by a key
    run();
  });
  return node;
}

function menuKey(event, list, close) {
  const nodes = [...list.children];
  const at = nodes.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: nodes.length - 1 }[event.key];
  if (to !== undefined) nodes[(to + nodes.length) % nodes.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") close(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function stand(list, anchor) {
  const at = anchor.getBoundingClientRect();
  list.style.left = "0"; // so that it is as wide as it wants to be
  const below = at.bottom + 4 + list.offsetHeight < innerHeight;
  const top = below ? at.bottom + 4 : at.top - list.offsetHeight - 4;
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${Math.max(8, Math.min(top, innerHeight - list.offsetHeight - 8))}px`;
}
