// @ts-check
// `agentTools`: the tools for language models, each defined once (calls.js, texts.js, …), and how a tool is run: check the input,
// choose the idempotency key, call the API, and turn every outcome into a result.

import { AgentPhoneError } from "../errors/error.js";
import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt, isArray, isObject } from "../lib/fields.js";
import { memoryStore } from "../policy/store.js";
import { agents } from "./agents.js";
import { calls } from "./calls.js";
import { admitted, PATIENCE, questionOf } from "./gate.js";
import { normalized } from "./input.js";
import { keyOf } from "./keys.js";
import { account, numbers } from "./numbers.js";
import { people } from "./people.js";
import { failed, invalid, refused, resultFields } from "./results.js";
import { check, copyOf, standard } from "./schema.js";
import { texts } from "./texts.js";

/** @typedef {import("./define.js").Definition} Definition */
/** @typedef {import("../../tools/tools.js").ToolResult} ToolResult */

const SUBJECT = "agentTools";
const LEDGER = Symbol.for("agentphone.ledger");
const HOUR = 3_600_000;
/** A model waits for it. An attempt takes at most half of the time, so that some is left to find the outcome of a lost response. */
const REQUEST = { timeout: 30_000, totalTimeout: PATIENCE, settle: { within: 15_000 } };
const OPTIONS = [
  "agentId",
  "only",
  "policy",
  "ledger",
  "window",
  "country",
  "phoneLibrary",
  "namespace",
  "request",
  "now",
];
const RESOURCES = ["calls", "messages", "numbers", "agents", "contacts", "conversations", "usage", "effects"];

/** Created on demand, so that a bundler can leave them out if only the policy is used. */
const all = () => [...numbers(), ...calls(), ...texts(), ...people(), ...agents(), ...account()];
/** @type {readonly import("../../tools/tools.js").ToolName[]} */
export const toolNames = [
  "find_number",
  "buy_number",
  "place_call",
  "watch_call",
  "end_call",
  "find_call",
  "send_text",
  "read_thread",
  "list_threads",
  "look_up_contact",
  "save_contact",
  "create_agent",
  "update_agent",
  "usage",
];

/** The ledgers of clients without one: they live as long as the client, like its memory of keys. @type {WeakMap<object, any>} */
const memories = new WeakMap();

/** Where a client keeps its keys. @param {any} client @param {any} given */
const ledgerOf = (client, given) => {
  const own = attempt(() => client[LEDGER]) ?? {};
  let ledger = given ?? own.ledger ?? memories.get(client);
  if (!ledger) memories.set(client, (ledger = memoryStore()));
  if (!["read", "write"].every((name) => typeof ledger[name] === "function"))
    refuse(SUBJECT, "ledger must be a ledger, with read and write", ledger);
  return { store: ledger, scope: own.scope ?? "" };
};

/** @param {any} client @param {any} options */
const settingsOf = (client, options) => {
  if (!RESOURCES.every((name) => isObject(client?.[name])))
    refuse(SUBJECT, "the first argument must be a client", client);
  const given = optionsOf(SUBJECT, options, OPTIONS);
  const { agentId, only, window = HOUR, country = "US", namespace = "", request = REQUEST, now = Date.now } = given;
  for (const [name, value] of Object.entries({ agentId, namespace }))
    if (value !== undefined && typeof value !== "string") refuse(SUBJECT, `${name} must be a string`, value);
  if (typeof window !== "number" || !(window >= 1000 && window <= 30 * 24 * HOUR))
    refuse(SUBJECT, "window must be milliseconds, from 1000 to 30 days");
  if (only !== undefined && !(isArray(only) && only.every((/** @type {any} */ name) => toolNames.includes(name))))
    refuse(SUBJECT, `only must be an array of tool names; there are ${toolNames.join(", ")}`);
  if (!isObject(request)) refuse(SUBJECT, "request must be options of a request", request);
  if (typeof now !== "function") refuse(SUBJECT, "now must be a function", now);
  const { phoneLibrary: library, policy } = given;
  if (
    policy !== undefined &&
    !["admit", "check", "approve", "greeting", "allows"].every((name) => typeof policy?.[name] === "function")
  )
    refuse(SUBJECT, "policy must be what `policy` returns", policy);
  const { store, scope } = ledgerOf(client, given.ledger);
  return {
    client,
    agentId,
    only,
    policy,
    window,
    country,
    library,
    namespace,
    request: { ...request },
    now,
    store,
    scope,
  };
};
/** @typedef {ReturnType<typeof settingsOf>} Settings */

/** What a checked input says: what is sent, and whether it repeats something. @param {any} input */
const useOf = ({ key, again = false, ...content }) => ({ content, key, again });
/** @typedef {ReturnType<typeof useOf>} Use */

/** How long ago the key was used, for a model to read. @param {number} seconds */
const ago = (seconds) => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

/** What an earlier call did. @param {Settings} settings @param {string} key @param {any} outcome @param {any} options @returns {Promise<ToolResult>} */
const alreadyDone = async ({ client, now }, key, { result, next }, options) => {
  const intent = await client.effects.get(key, options).catch(() => undefined);
  const seconds = intent && Math.max(0, Math.round((now() - Number(intent.sentAt)) / 1000));
  const when = seconds === undefined ? "" : ` ${ago(seconds)} ago`;
  // The result of an effect begins with the id of what was made.
  const [id] = Object.values(result);
  return {
    status: "already_done",
    message: `This was done${when}: ${id}. It was not done again. Only if the user wants it a second time, call again with again: true.`,
    doNotRepeat: true,
    ...(next && { next }),
    reference: key,
    result: { ...result, ...(seconds !== undefined && { placed_seconds_ago: seconds }) },
  };
};

/**
 * The idempotency key of an effect, or the result if there can be no key.
 * @param {Definition} definition @param {Settings} settings @param {Use} use @param {Record<string, any>} context @param {any} options
 * @returns {Promise<{ key?: string, intent?: any, result?: ToolResult }>}
 */
const keyed = async (definition, settings, use, { callId }, options) => {
  if (definition.kind !== "effect") return {};
  try {
    return await keyOf(settings, definition.name, use, callId, options);
  } catch (error) {
    if (AgentPhoneError.is(error)) return { result: failed(definition, error, undefined) };
    // A runtime that lacks what the ledger needs: waiting does not help. An error of the caller's store may contain private data, so it
    // is not shown.
    const isFinal = attempt(() => /** @type {any} */ (error).code) === "LEDGER_CONFIGURATION";
    return {
      result: refused(
        isFinal ? "LEDGER_CONFIGURATION" : "LEDGER_UNAVAILABLE",
        "Nothing happened: the ledger that remembers what was done does not work.",
        isFinal ? { doNotRepeat: true } : { retryAfterSeconds: 5 },
      ),
    };
  }
};

/** @param {Definition} definition @param {Settings} settings @param {any} input Checked @param {Record<string, any>} context @returns {Promise<ToolResult>} */
const performed = async (definition, settings, input, context) => {
  const { signal } = context;
  const options = { ...settings.request, ...(signal && { signal }) };
  const use = useOf(input);
  const found = await keyed(definition, settings, use, context, options);
  if (found.result) return found.result;
  const ready = await admitted(definition, settings, use.content, found, context, options);
  if (ready.result) return ready.result;
  const outcome = await sent(definition, settings, ready.content, found.key, options);
  // Only if it is proven that this use has done nothing. If it fails, it stays counted.
  if (outcome.status === "refused" || outcome.status === "already_done") await ready.release().catch(() => {});
  return outcome;
};

/** Calls the API, and turns every outcome into a result. @param {Definition} definition @param {Settings} settings @param {any} content @param {string | undefined} key @param {any} options @returns {Promise<ToolResult>} */
const sent = async (definition, settings, content, key, options) => {
  try {
    const outcome = await definition.run({
      client: settings.client,
      input: content,
      options: key ? { ...options, idempotencyKey: key } : options,
    });
    if (key && outcome.replayed) return await alreadyDone(settings, key, outcome, options);
    const { result, message, next } = outcome;
    return {
      status: "done",
      message,
      doNotRepeat: definition.kind === "effect",
      ...(next && { next }),
      ...(key && { reference: key }),
      result,
    };
  } catch (error) {
    return failed(definition, error, key);
  }
};

/** @param {Definition} definition @param {Settings} settings */
const schemasOf = ({ input: properties, required = [], result }, { agentId }) => {
  const { agent_id: agent, ...others } = properties;
  const isFixed = agentId !== undefined && agent !== undefined;
  const input = {
    type: "object",
    properties: isFixed ? others : properties,
    required: required.filter((name) => !(isFixed && name === "agent_id")),
    additionalProperties: false,
  };
  const output = {
    type: "object",
    properties: {
      ...resultFields(),
      result: { type: "object", description: "The API's response.", properties: result },
    },
    required: ["status", "message", "doNotRepeat"],
  };
  return { input, output, isFixed };
};

/** The context of a tool call; a framework may pass any object. @param {unknown} context @returns {Record<string, any>} */
const contextOf = (context) => {
  // Most have none, and an exception costs more than all the rest.
  if (!isObject(context)) return {};
  const read = (/** @type {string} */ name) => attempt(() => /** @type {any} */ (context)[name]);
  const [callId, approval] = [read("callId"), read("approval")];
  return {
    signal: read("signal"),
    callId: typeof callId === "string" ? callId : undefined,
    approval: typeof approval === "string" ? approval : undefined,
    approve: read("approve"),
  };
};

/** @param {Definition} definition @param {Settings} settings */
const toolOf = (definition, settings) => {
  const { name, title, description, kind, spends } = definition;
  const { input, output, isFixed } = schemasOf(definition, settings);
  /** @param {unknown} given @returns {{ value: any, issues?: undefined } | { issues: { message: string }[], value?: undefined }} */
  const readable = (given) => {
    const { value, issues } = check(input, given ?? {});
    if (issues) return { issues };
    const written = normalized(definition, settings, value);
    if (written.issues) return { issues: written.issues };
    return { value: isFixed ? { ...written.value, agent_id: settings.agentId } : written.value };
  };
  return Object.freeze({
    name,
    title,
    description,
    inputSchema: copyOf(input),
    outputSchema: copyOf(output),
    input: standard(input),
    output: standard(output),
    annotations: {
      title,
      readOnlyHint: kind === "read",
      destructiveHint: false,
      // Each tool with an effect uses an idempotency key.
      idempotentHint: true,
      openWorldHint: true,
    },
    kind,
    ...(spends && { spends }),
    /** @param {unknown} given @param {any} [context] @returns {Promise<ToolResult>} */
    execute: async (given, context) => {
      const { value, issues } = readable(given);
      return issues ? invalid(issues) : performed(definition, settings, value, contextOf(context));
    },
    /** @param {unknown} given @param {any} [context] */
    approvalFor: async (given, context) => {
      const { value, issues } = readable(given);
      // It is refused anyway, so no question is needed.
      if (issues || !settings.policy) return undefined;
      const use = useOf(value);
      const { key, intent, result } = await keyed(definition, settings, use, contextOf(context), settings.request);
      // What fails here fails again when the tool is run, and is a result there.
      return result ? undefined : questionOf(definition, settings, use.content, key && intent).catch(() => undefined);
    },
    /** @param {unknown} request @returns {Promise<string>} */
    approve: async (request) =>
      settings.policy ? settings.policy.approve(request) : refuse(SUBJECT, "there is no policy that asks for approval"),
  });
};

/** @type {typeof import("../../tools/tools.js").agentTools} */
export const agentTools = (client, options = {}) => {
  const settings = guard(SUBJECT, () => settingsOf(client, options));
  const { only, policy } = settings;
  const isThere = (/** @type {Definition} */ { name, kind }) =>
    (!only || only.includes(name)) && (!policy || policy.allows(name, kind));
  return all()
    .filter(isThere)
    .map((definition) => toolOf(definition, settings));
};
