// A message's text and entities -> DOM nodes. Entity offsets are UTF-16 code units, as JavaScript's strings are.

import { button, element } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const SAFE_LINK = /^(https?|mailto|tel|tg|ton):/i;

export function link(url) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
  if (!SAFE_LINK.test(full)) return element("span");
  const node = element("a");
  node.href = full;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

export function formatted(text, entities, act) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(fragment, text, 0, text.length, sorted, act);
  return fragment;
}

function fill(parent, text, start, end, entities, act) {
  let waiting = entities;
  let from = start;
  while (waiting.length) {
    const [outer, ...later] = waiting;
    const low = Math.max(from, outer.offset);
    const high = Math.min(end, outer.offset + outer.length);
    const inner = [];
    const rest = [];
    for (const entity of later) {
      if (entity.offset >= high) {
        rest.push(entity);
        continue;
      }
      const stop = entity.offset + entity.length;
      inner.push({ ...entity, length: Math.min(stop, high) - entity.offset });
      if (stop > high) rest.push({ ...entity, offset: high, length: stop - high });
    }
    if (high > low) {
      parent.append(isBlock(outer) ? text.slice(from, low).replace(/\n\n$/, "\n") : text.slice(from, low));
      const { outside, inside } = wrapper(outer, text.slice(low, high), act);
      fill(inside, text, low, high, inner, act);
      parent.append(outside);
      from = high;
      // The block breaks the line by itself, and its margins stand for an empty line before and after it.
      if (isBlock(outer)) from += text.slice(from, Math.min(end, from + 2)).match(/^\n*/)[0].length;
    }
    waiting = rest.sort((a, b) => a.offset - b.offset || b.length - a.length);
  }
  parent.append(text.slice(from, end));
}

function isBlock(entity) {
  return entity.type === "pre" || entity.type.endsWith("blockquote");
}

function wrapper(entity, words, act) {
  const { type } = entity;
  if (TAGS[type]) {
    const node = element(TAGS[type]);
    if (type === "code") pressable(node, `Copy ${words}`, () => act.copy(words));
    return { outside: node, inside: node };
  }
  if (type === "pre") return codeBlock(entity, words, act);
  if (type.endsWith("blockquote")) return quote(type === "expandable_blockquote");
  if (type === "spoiler") return spoiler();
  if (type === "text_link" || type === "url") return same(link(entity.url || words));
  if (type === "email") return same(link(`mailto:${words}`));
  if (type === "bot_command") {
    const node = button("command", "", () => act.command(words));
    return same(node);
  }
  if (type === "mention" && act.known(words)) return same(button("command", "", () => act.mention(words)));
  return same(element("span", ["mention", "hashtag", "cashtag", "text_mention"].includes(type) ? "tag" : ""));
}

function same(node) {
  return { outside: node, inside: node };
}

function pressable(node, label, press) {
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.title = label;
  node.addEventListener("click", press);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  });
}

function codeBlock(entity, words, act) {
  const outside = element("div", entity.language ? "block" : "block plain-code");
  const head = element("div", "block-head");
  head.append(element("span", "", entity.language || ""), button("copier", "Copy", () => act.copy(words), "copy"));
  const pre = element("pre");
  pre.tabIndex = 0; // long lines scroll by keyboard too
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", entity.language ? `Code, ${entity.language}` : "Code");
  outside.append(head, pre);
  return { outside, inside: pre };
}

function spoiler() {
  const node = element("span", "spoiler");
  const words = element("span");
  node.append(words);
  words.setAttribute("aria-hidden", "true");
  pressable(node, "Hidden text: show", () => {
    node.classList.add("shown");
    words.removeAttribute("aria-hidden");
    for (const name of ["role", "title", "tabindex"]) node.removeAttribute(name);
  });
  return { outside: node, inside: words };
}

function quote(folds) {
  const outside = element("blockquote");
  const words = element("div", "quoted");
  outside.append(words);
  if (folds) {
    const toggle = button("fold", "Show more");
    toggle.setAttribute("aria-expanded", "false");
    outside.classList.add("folds");
    outside.append(toggle);
    toggle.addEventListener("click", () => setFold(outside, !outside.classList.contains("open")));
    words.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, code")) setFold(outside, true);
    });
  }
  return { outside, inside: words };
}

function setFold(outside, open) {
  outside.classList.toggle("open", open);
  const toggle = outside.querySelector(":scope > .fold");
  toggle.setAttribute("aria-expanded", String(open));
  toggle.textContent = open ? "Show less" : "Show more";
}

// Which quotes of a message are unfolded, and unfolding them again after it was edited.
export function openFolds(node) {
  return [...node.querySelectorAll("blockquote.folds")].map((found) => found.classList.contains("open"));
}

export function reopenFolds(node, open) {
  [...node.querySelectorAll("blockquote.folds")].forEach((found, index) => {
    if (open[index]) setFold(found, true);
  });
}

// A quote that fits into its three lines needs no button. Can only be measured once it is on the page.
export function hideNeedlessFolds(node) {
  for (const found of node.querySelectorAll("blockquote.folds:not(.open)")) {
    const words = found.querySelector(".quoted");
    found.classList.toggle("short", words.scrollHeight <= words.clientHeight + 2);
  }
}
