// @ts-check
// The tools for phone calls.

import { AgentPhoneError } from "../errors/error.js";
import { id, listOf, pick, repeating, text, whole } from "./define.js";

/** @typedef {import("./define.js").Definition} Definition */

const callFields = () => ({
  call_id: text("Id of the call."),
  to: text("Who is called."),
  from: text("Who calls."),
  direction: text("outbound: we called; inbound: they called; web: from a browser."),
  call_status: text("queued, ringing, in-progress, completed, failed, busy or no-answer. The last four are final."),
  started_at: text("When it began, ISO 8601."),
  ended_at: text("When it ended, ISO 8601."),
  duration_seconds: { type: "number", description: "How long it lasted." },
});

/** @param {any} call */
const callOf = (call) =>
  pick(call, {
    id: "call_id",
    toNumber: "to",
    fromNumber: "from",
    direction: "direction",
    status: "call_status",
    startedAt: "started_at",
    endedAt: "ended_at",
    durationSeconds: "duration_seconds",
  });

const isOver = (/** @type {any} */ call) => /^(completed|failed|busy|no-answer)$/.test(call.status);

/** The words of a call, in order. @param {any} call */
const turnsOf = (call) =>
  (call.transcripts ?? []).flatMap((/** @type {any} */ pair) => [
    ...(pair.transcript ? [{ role: "them", text: pair.transcript }] : []),
    ...(pair.response ? [{ role: "agent", text: pair.response }] : []),
  ]);

/** The call when it has ended, or as it is after the timeout. @param {any} client @param {string} callId @param {number} seconds @param {any} options */
const waited = async (client, callId, seconds, options) => {
  try {
    if (seconds > 0) return await client.calls.wait(callId, { ...options, totalTimeout: seconds * 1000 });
  } catch (error) {
    if (!AgentPhoneError.is(error) || /** @type {any} */ (error).code !== "TIMEOUT") throw error;
  }
  return client.calls.get(callId, options);
};

/** @returns {Definition[]} */
export const calls = () => [
  {
    name: "place_call",
    title: "Place a phone call",
    description:
      "Calls a person's phone at once: it rings, and costs money by the minute. Returns when the call is queued; then use watch_call to follow it. " +
      "An identical call within the window is not placed again: you get the one that was placed. " +
      'If the status is "unknown" the phone may be ringing: do not call again, use find_call.',
    kind: "effect",
    spends: "call",
    unknown: "find_call",
    input: {
      agent_id: id("Id of the agent that speaks."),
      to: text("Phone number of the person, with country code, e.g. +14155550100.", 50),
      greeting: text("The first words that the person hears. Say who is calling and why.", 2000),
      instructions: text(
        "What the agent should achieve on this call. Without it, the agent does what it always does.",
        20_000,
      ),
      ...repeating(),
    },
    required: ["agent_id", "to"],
    people: { to: "phone" },
    result: { ...callFields(), placed_seconds_ago: { type: "integer", description: "How long ago it was placed." } },
    run: async ({ client, input, options }) => {
      const { agent_id: agentId, to: toNumber, greeting, instructions } = input;
      const body = {
        agentId,
        toNumber,
        ...(greeting && { initialGreeting: greeting }),
        ...(instructions && { systemPrompt: instructions }),
      };
      const { data, replayed } = await client.calls.create(body, options).withResponse();
      const message = `The call is ${data.status ?? "placed"}.`;
      return { result: callOf(data), message, next: "watch_call", replayed };
    },
  },
  {
    name: "watch_call",
    title: "Follow a phone call",
    description:
      "Waits for a call to end and returns its status and what was said. If it has not ended in time, you get its current state: use watch_call again.",
    kind: "read",
    input: {
      call_id: id("Id of the call, from place_call or find_call."),
      wait_seconds: whole("How long to wait for its end. 0: not at all. Default: 60.", 0, 300),
    },
    required: ["call_id"],
    result: {
      ...callFields(),
      ended: { type: "boolean" },
      transcript: listOf("What was said, in order.", { role: text("them or agent"), text: text("The words.") }),
    },
    run: async ({ client, input, options }) => {
      const call = await waited(client, input.call_id, input.wait_seconds ?? 60, options);
      const ended = isOver(call);
      return {
        result: { ...callOf(call), ended, transcript: turnsOf(call) },
        message: ended ? `The call has ended: ${call.status}.` : `The call is still in progress: ${call.status}.`,
        next: ended ? undefined : "watch_call",
      };
    },
  },
  {
    name: "end_call",
    title: "Hang up",
    description: "Ends a call that is under way. Ending it twice changes nothing.",
    kind: "change",
    input: { call_id: id("Id of the call.") },
    required: ["call_id"],
    result: callFields(),
    run: async ({ client, input, options }) => {
      const call = await client.calls.end(input.call_id, options);
      return { result: callOf(call), message: "The call is being ended." };
    },
  },
  {
    name: "find_call",
    title: "Find out whether a call was placed",
    description:
      'Finds the outcome of a call that was unknown, by the reference that place_call returned, and lists the latest calls with a person. It never calls anyone. Use it after the status "unknown", instead of calling again.',
    kind: "read",
    input: {
      reference: id("The reference of the result whose outcome was unknown."),
      to: text("Phone number of the person.", 50),
      limit: whole("How many calls to list. Default: 5.", 1, 50),
    },
    people: { to: "phone" },
    result: {
      was_placed: { type: "string", description: "yes, no, or unknown: then wait a minute and ask again." },
      calls: listOf("The latest calls with this person, the newest first.", callFields()),
    },
    run: async ({ client, input, options }) => {
      const { reference, to, limit = 5 } = input;
      const intent = reference ? await settled(client, reference, options) : undefined;
      const found =
        intent?.id && intent.operation === "calls.create" ? [await client.calls.get(intent.id, options)] : [];
      const listed = to ? (await client.calls.list({ search: to, limit }, options)).data : found;
      const was = reference ? placed(intent) : listed.length > 0 ? "yes" : "unknown";
      return {
        result: { was_placed: was, calls: listed.map(callOf) },
        message: {
          yes: "It was placed: do not place it again.",
          no: "It was not placed.",
          unknown: "It is not known yet whether it was placed: do not place it again, and ask in a minute.",
        }[was],
        next: was === "unknown" ? "find_call" : undefined,
      };
    },
  },
];

/** What is known about a reference; if it is in doubt, one lookup is made. @param {any} client @param {string} reference @param {any} options */
const settled = async (client, reference, options) => {
  if (!reference.startsWith("tools:")) return undefined;
  const intent = await client.effects.get(reference, options);
  if (!intent || !isOpen(intent)) return intent;
  await client.effects.settle({ totalTimeout: 20_000, ...options });
  return client.effects.get(reference, options);
};

/** In doubt, or in flight. @param {any} intent */
export const isOpen = ({ state }) => /^(sending|unknown|absent_so_far|ambiguous)$/.test(state);

/**
 * A reference that is not known proves nothing: a model may have copied it wrongly, or a ledger in memory has lost it.
 * @param {any} intent @returns {"yes" | "no" | "unknown"}
 */
const placed = (intent) => {
  if (intent?.state === "placed") return "yes";
  return /^(refused|not_placed)$/.test(intent?.state) ? "no" : "unknown";
};
