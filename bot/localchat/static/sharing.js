// What a button of the bot's keyboard may ask for instead of its words: one's phone number, or a place.

import { post } from "./net.js";
import { askFor, toast } from "./overlays.js";
import { here, inGroup, world } from "./world.js";

const NUMBER = "+1 202 555 0100"; // of those that are nobody's
const PLACE = ["51.4779", "-0.0015"]; // the observatory in Greenwich

// `kind`: contact, location or other; `message`: the one with the keyboard.
export function share(kind, message, sent) {
  const { name } = world.profile;
  const send = (content) =>
    post("send", { ...here(), reply_to: message.id, ...content })
      .then(sent)
      .catch((problem) => toast(`Not sent: ${problem.message}`));
  if (inGroup()) toast("This button works in private chats only");
  else if (kind === "contact") {
    askFor("Share your phone number?", `${name} will know it.`, [["Phone number", NUMBER]], "Share", (phone) => send({ contact: phone }));
  } else if (kind === "location") {
    const fields = [["Latitude", PLACE[0]], ["Longitude", PLACE[1]]];
    const given = (latitude, longitude) => send({ location: { latitude, longitude } });
    askFor("Share a location?", `${name} will know it.`, fields, "Share", given);
  } else toast("This kind of button does nothing in the local chat");
}
