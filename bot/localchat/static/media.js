// What a message carries besides text.

import { bytes, element, icon } from "./dom.js";
import { showPicture } from "./overlays.js";

const LABELS = { video: "Video", animation: "Animation", audio: "Audio", voice: "Voice message", sticker: "Sticker" };

// The node for a message's photo, file or other attachment; null when it is text alone.
export function media(message) {
  if (message.photo) return photo(message);
  if (message.document) return file(message.document, message.document.name || "File", "file");
  const kind = Object.keys(LABELS).find((each) => message[each]);
  if (kind === "sticker" && message.sticker.file) return sticker(message);
  if (kind) return file(message[kind], message[kind].name || message.label || LABELS[kind], "file");
  return message.label ? element("span", "label", message.label) : null;
}

// The pictures of an album side by side, its files one under another.
export function album(parts) {
  const node = element("div", parts.every((each) => each.photo) ? "album pictures" : "album");
  node.append(...parts.map(media).filter(Boolean));
  return node;
}

// What a message without text is called where only words fit.
export function summary(message) {
  const kind = Object.keys(LABELS).find((each) => message[each]);
  const attached = message.photo ? "Photo" : message.document ? message.document.name || "File" : message.label || LABELS[kind];
  return message.service || message.text || attached || "Attachment";
}

function photo(message) {
  const source = `/page/file/${message.photo.file}`;
  const picture = element("img");
  Object.assign(picture, { src: source, width: message.photo.width, height: message.photo.height });
  picture.alt = message.text || "Photo";
  const open = element("button", "photo");
  open.type = "button";
  open.title = "Open the photo";
  open.setAttribute("aria-haspopup", "dialog");
  open.append(picture);
  open.addEventListener("click", () => showPicture(source, message.text));
  return open;
}

function sticker(message) {
  const words = message.label || `${message.sticker.emoji ?? ""} Sticker`.trim();
  const picture = element("img", "sticker");
  picture.src = `/page/file/${message.sticker.file}`;
  picture.alt = words;
  picture.addEventListener("error", () => picture.replaceWith(element("span", "label", words)));
  return picture;
}

function file(kept, name, className) {
  if (!kept.file) return element("span", "label", name);
  const node = element("a", className);
  node.href = `/page/file/${kept.file}`;
  node.download = name;
  const sign = element("span", "file-sign");
  sign.append(icon("file"));
  const words = element("span", "words");
  words.append(element("strong", "", name), element("span", "", !kept.size ? "Save" : bytes(kept.size)));
  node.append(sign, words);
  return node;
}
