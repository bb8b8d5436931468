// What only a sandbox can do: simulate incoming calls and texts, and start over.

import { changed } from "../data/queries.js";
import { inbound, reset } from "../session/sandbox.js";
import { account, api, forgetDoubts } from "../session/session.js";
import { go } from "./location.js";
import { tell } from "./notices.js";

const SAYINGS = [
  "Are you open on Sunday?",
  "Can I move my appointment to Friday?",
  "Where is my order?",
  "Do you have rye bread today?",
];

/** The newest number, if there are several. */
async function ourNumber(): Promise<string> {
  const { data } = await api().numbers.list({ limit: 1 });
  if (data[0] === undefined) throw new Error("Buy a number first: there is no number yet to call or text.");
  return data[0].phoneNumber;
}

export async function simulateCall(): Promise<void> {
  await inbound.call({ to: await ourNumber() });
  await changed();
  tell("A call is coming in. Watch it under Calls.");
}

export async function simulateText(): Promise<void> {
  await inbound.message({
    to: await ourNumber(),
    body: SAYINGS[Math.floor(Math.random() * SAYINGS.length)] ?? "Hello?",
  });
  await changed();
  tell("A text came in. See it under Conversations.");
}

export async function startOver(): Promise<void> {
  await reset();
  await forgetDoubts();
  account.value = null;
  go("/");
  await changed();
  tell("The sandbox is empty again.");
}
