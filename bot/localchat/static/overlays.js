// What lies over the chat: toasts, alerts, the menu of a message.

import { element } from "./text.js";

const $ = (id) => document.getElementById(id);

export function toast(text) {
  const node = element("div", "toast", text);
  $("toasts").replaceChildren(node);
  setTimeout(() => node.remove(), 2500 + 40 * text.length);
}

export function showAlert(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

// A small menu beside `anchor`; each entry is a label and what it does.
export function openMenu(entries, anchor) {
  const back = document.activeElement;
  const list = $("actions");
  const close = () => {
    list.hidden = true;
    document.removeEventListener("pointerdown", outside, true);
  };
  const outside = (event) => list.contains(event.target) || close();
  list.replaceChildren(
    ...entries.map(([label, run]) => {
      const node = element("button", "", label);
      node.type = "button";
      node.setAttribute("role", "menuitem");
      node.addEventListener("click", () => {
        close();
        run();
      });
      return node;
    }),
  );
  list.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const nodes = [...list.children];
    if (step) nodes[(nodes.indexOf(document.activeElement) + step + nodes.length) % nodes.length].focus();
    if (event.key === "Escape" || event.key === "Tab") {
      close();
      back?.focus();
    }
    if (step || event.key === "Escape") event.preventDefault();
  };
  list.hidden = false;
  const at = anchor.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - list.offsetHeight - 8))}px`;
  list.firstElementChild.focus();
  document.addEventListener("pointerdown", outside, true);
}
