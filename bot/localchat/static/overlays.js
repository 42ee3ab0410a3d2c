// What lies over the chat: toasts, alerts, questions, pictures.

import { $, button, element, icon } from "./dom.js";

export function toast(text) {
  const node = element("div", "toast", text);
  // Shown anew each time, so that it lies over a dialog that is open.
  if ($("toasts").matches(":popover-open")) $("toasts").hidePopover();
  $("toasts").showPopover();
  $("toasts").replaceChildren(node);
  setTimeout(() => node.remove(), 2500 + 40 * text.length);
}

// What a screen reader is told, once.
export function announce(text) {
  const node = element("p", "", text);
  $("announce").append(node);
  setTimeout(() => node.remove(), 10000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser did not allow copying");
  }
}

// A dialog with a heading (`title`) over `content`; it is gone from the page once it is closed.
export function dialog(className, title, content) {
  const node = element("dialog", `dialog ${className}`);
  const heading = element("h2", "", title);
  heading.id = `title-${className}`;
  node.setAttribute("aria-labelledby", heading.id);
  node.append(heading, ...content);
  node.addEventListener("close", () => node.remove());
  node.addEventListener("click", (event) => event.target === node && node.close()); // the backdrop
  document.body.append(node);
  node.showModal();
  return node;
}

export function showAlert(title, text) {
  const ok = button("plain", "OK");
  const row = element("div", "answers");
  row.append(ok);
  const node = dialog("alert", title, [element("p", "", text), row]);
  ok.addEventListener("click", () => node.close());
  ok.focus();
}

// Asks for one line; `done` gets it when it was given.
export function ask(title, label, action, done) {
  askFor(title, "", [[label, ""]], action, done);
}

// Asks for a line in each of `fields`, [label, what stands there already]; `done` gets them when all were given.
export function askFor(title, note, fields, action, done) {
  const form = element("form");
  const inputs = fields.map(([label, value]) => {
    const field = element("label", "line", label);
    const input = element("input");
    Object.assign(input, { type: "text", required: true, maxLength: 128, autocomplete: "off", value });
    field.append(input);
    form.append(field);
    return input;
  });
  const row = element("div", "answers");
  const yes = element("button", "plain", action);
  form.append(row);
  const node = dialog("ask", title, note ? [element("p", "soft", note), form] : [form]);
  row.append(button("plain quiet", "Cancel", () => node.close()), yes);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = inputs.map((input) => input.value.trim());
    if (!given.every(Boolean)) return;
    node.close();
    done(...given);
  });
  inputs[0].focus();
}

// A choice from a list: each entry is {name, note, face, run}.
export function choose(title, entries) {
  const list = element("ul", "picks");
  const cancel = button("plain quiet", "Cancel", () => node.close());
  const row = element("div", "answers");
  row.append(cancel);
  const node = dialog("choose", title, [list, row]);
  for (const entry of entries) {
    const pick = element("button", "pick");
    pick.type = "button";
    const words = element("span", "words");
    words.append(element("strong", "", entry.name), element("span", "", entry.note ?? ""));
    pick.append(entry.face, words);
    pick.addEventListener("click", () => {
      node.close();
      entry.run();
    });
    const item = element("li");
    item.append(pick);
    list.append(item);
  }
  (list.querySelector("button") ?? cancel).focus();
}

export function showPicture(source, words) {
  const node = element("dialog", "viewer");
  node.setAttribute("aria-label", "Photo");
  const picture = element("img");
  picture.src = source;
  picture.alt = words || "Photo";
  const save = element("a", "round");
  Object.assign(save, { href: source, download: "photo" });
  save.setAttribute("aria-label", "Save");
  save.append(icon("save"));
  const close = button("round", "Close", () => node.close(), "close");
  const bar = element("div", "viewer-bar");
  bar.append(save, close);
  node.append(bar, picture);
  if (words) node.append(element("p", "", words));
  node.addEventListener("click", (event) => event.target !== picture && !bar.contains(event.target) && node.close());
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
  close.focus();
}
