// Sending a photo or another file: chosen, pasted or dropped, looked at first, with a caption.

import { $, button, bytes, element } from "./dom.js";
import { upload } from "./net.js";
import { dialog, toast } from "./overlays.js";

const LARGEST = 10 * 1024 * 1024;
const PREVIEW = 640;
const PHOTOS = ["image/png", "image/jpeg", "image/gif"];

// `fields()` gives what is posted besides the file; `sent()` is called afterwards.
export function attachments(fields, sent) {
  const offer = (file) => file && (PHOTOS.includes(file.type) ? preview : named)(file, fields, sent);
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => {
    offer($("file").files[0]);
    $("file").value = "";
  });
  $("box").addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    offer(file);
  });
  $("chat").addEventListener("dragover", (event) => event.preventDefault());
  $("chat").addEventListener("drop", (event) => {
    event.preventDefault();
    if (!$("composer").hidden) offer(event.dataTransfer.files[0]);
  });
}

async function preview(file, fields, sent) {
  if (file.size > LARGEST) return toast("A photo can be 10 MB at most");
  // Drawn, not linked: the page's policy lets it load pictures from the server alone.
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return toast("The browser cannot read this picture");
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Preview of ${file.name}`);
  const scale = Math.min(1, PREVIEW / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, picture.width * scale);
  canvas.height = Math.max(1, picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return form("photo", canvas, file, fields, sent);
}

// A file that is no photo goes as it is, by its name.
function named(file, fields, sent) {
  if (file.size > LARGEST) return toast("A file can be 10 MB at most");
  if (!file.size) return toast("This file is empty");
  const line = element("p", "line", `${file.name}, ${bytes(file.size)}`);
  return form("document", line, file, fields, sent);
}

function form(kind, shown, file, fields, sent) {
  const body = element("form");
  const line = element("label", "line", "Caption");
  const caption = element("input");
  Object.assign(caption, { type: "text", autocomplete: "off" });
  line.append(caption);
  const row = element("div", "answers");
  const send = element("button", "plain", "Send");
  body.append(shown, line, row);
  const node = dialog("attach", kind === "photo" ? "Send photo" : "Send file", [body]);
  row.append(button("plain quiet", "Cancel", () => node.close()), send);
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await upload(kind, { ...fields(), caption: caption.value.trim() || undefined, file });
      node.close();
      sent();
    } catch (problem) {
      toast(`Not sent: ${problem.message}`);
      send.disabled = false;
    }
  });
  caption.focus();
}
