// Making nodes. Only nodes and textContent are used anywhere, so nothing that is written can become markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  send: "M3.5 20.2v-6.3l8.5-1.9-8.5-1.9V3.8L21.5 12z",
  down: "M6 9.5l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  keyboard: "M4 6.5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM7 10.5v.01M12 10.5v.01M17 10.5v.01M8.5 14h7",
  slash: "M14.5 7.5l-5 9M5 4h14a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 19 20H5a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 5 4z",
  menu: "M4 7h16M4 12h16M4 17h16",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  reply: "M9 6l-5 5 5 5M4 11h9a7 7 0 0 1 7 7",
  edit: "M4 20l1-4L15.5 5.5l3 3L8 19zM13.5 7.5l3 3",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  out: "M8 16l9-9M9.5 7H17v7.5",
  inline: "M20 12H8M12.5 7.5L8 12l4.5 4.5M4 5v14",
  forward: "M4 12h12M11.5 7.5L16 12l-4.5 4.5M20 5v14",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  file: "M7 3h7l4 4v14H6V3zM13.5 3v4.5H18",
  save: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 5a3.3 3.3 0 0 1 0 6.3M18 15c2 .7 3.5 2.3 3.5 5",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
  star: "M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z",
  topic: "M4 5h16v11H11l-4 4v-4H4zM8 9h8M8 12.5h5",
  up: "M12 20V5M5.5 11.5L12 5l6.5 6.5",
  phone: "M6 3.5h3l1.6 4.2-2 1.5a12 12 0 0 0 6.2 6.2l1.5-2 4.2 1.6v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4 5.7a2 2 0 0 1 2-2.2z",
  place: "M12 21c-4-4.6-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2.5 6.4-6.5 11zM12 12a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  leave: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
};

export const $ = (id) => document.getElementById(id);

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// A button; with an icon alone its label is what a screen reader says.
export function button(className, label, press, picture) {
  const node = element("button", className);
  node.type = "button";
  if (picture) {
    node.append(icon(picture));
    node.setAttribute("aria-label", label);
    node.title = label;
  } else node.textContent = label;
  if (press) node.addEventListener("click", press);
  return node;
}

// Buttons of the page's own HTML name their icon in data-icon.
export function drawIcons() {
  for (const node of document.querySelectorAll("[data-icon]")) {
    node.prepend(icon(node.dataset.icon));
    if (node.hasAttribute("aria-label")) node.title = node.getAttribute("aria-label");
  }
}

const tints = new Map();

// Gives somebody a colour; who has none gets one by their id.
export function paint(id, index) {
  tints.set(id, index);
}

export function tint(id) {
  return `tint-${tints.get(id) ?? Math.abs(Number(id)) % 7}`;
}

// The coloured circle with one's initials.
export function avatar(id, name, className = "") {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  const node = element("span", `avatar ${tint(id)} ${className}`.trim(), letters.join("").toUpperCase() || "•");
  node.setAttribute("aria-hidden", "true");
  return node;
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1048576 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1048576).toFixed(1)} MB`;
}

export function plural(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
