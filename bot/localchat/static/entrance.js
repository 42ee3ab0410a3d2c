// Where one comes in: at the place the address names, else at the first one.

import { drawConnection } from "./head.js";
import { everyone } from "./net.js";
import { addressed, exists, places, world } from "./world.js";

const PATIENCE = 1000;

export function openAddressed(open) {
  const asked = addressed();
  const person = world.people.find((each) => each.id === asked.person) ?? world.people[0];
  open(person.id, exists(asked.place) ? asked.place : places()[0].place, { replace: true });
}

// Waits for the server, and for a bot: without one there is nothing to chat with.
export async function begin(open, arrived) {
  const told = await everyone().catch(() => null);
  drawConnection(Boolean(told));
  if (world.place) return;
  if (told) arrived(told);
  if (told && (exists(addressed().place) || world.bots.length)) openAddressed(open);
  else setTimeout(() => begin(open, arrived), PATIENCE);
}
