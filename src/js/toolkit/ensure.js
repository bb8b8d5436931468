// @ts-check
// `ensure`: set-up that may run at each start of a program. What is there already and as it should be is left alone: a second
// agent would be made, a second number paid for, and each setting of a webhook makes a new secret.

import { AgentPhoneError } from "../errors/error.js";
import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt, isArray, isObject } from "../lib/fields.js";

/** What counts as not set. */
const isEmpty = (/** @type {unknown} */ value) => value === undefined || value === null || value === "";

/** Addresses and times have several spellings, and the API chooses its own. @param {string} text */
const spelled = (text) => {
  if (/^https?:/i.test(text)) return attempt(() => new URL(text).href) ?? text;
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : text;
};

/**
 * Whether what is there has all that is wanted. Fields that only the API has, such as defaults, do not matter.
 * @param {any} wanted @param {any} there @returns {boolean}
 */
const has = (wanted, there) => {
  if (isEmpty(wanted)) return isEmpty(there);
  if (isArray(wanted))
    return isArray(there)
      ? wanted.length === there.length &&
          wanted.every((/** @type {any} */ one, /** @type {number} */ at) => has(one, there[at]))
      : wanted.length === 0 && isEmpty(there);
  if (typeof wanted === "string" && typeof there === "string") return spelled(wanted) === spelled(there);
  if (!isObject(wanted)) return wanted === there;
  return isObject(there) && Object.entries(wanted).every(([name, one]) => has(one, /** @type {any} */ (there)[name]));
};

/** The names of what differs. @param {Record<string, any>} wanted @param {any} there */
const differing = (wanted, there) =>
  Object.keys(wanted).filter((name) => wanted[name] !== undefined && !has(wanted[name], there[name]));

/** @param {Record<string, any>} from @param {string[]} names */
const only = (from, names) => Object.fromEntries(names.map((name) => [name, from[name]]));

/**
 * The items that fit, the oldest first: if there are two of a name, the one that was there first is used. Of two with one
 * time every program must choose the same. @param {AsyncIterable<any>} list @param {(item: any) => boolean} fits
 */
const findAll = async (list, fits) => {
  const found = [];
  for await (const item of list) if (fits(item)) found.push(item);
  return found.sort(
    (one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt) || (one.id < other.id ? -1 : 1),
  );
};

/** What is found, or else made; where it is not known whether it was made, what is found then. @template T @param {() => Promise<T | undefined>} find @param {() => Promise<T>} make @returns {Promise<T>} */
const made = async (find, make) => {
  try {
    return await make();
  } catch (error) {
    if (!AgentPhoneError.is(error) || !(/** @type {any} */ (error).outcomeUnknown)) throw error;
    const found = await find();
    if (!found) throw error;
    return found;
  }
};

/** The options of all requests, and of those that have an effect: a key belongs to one of them. @param {any} options */
const parted = (options) => {
  const { idempotencyKey: _, ...rest } = options ?? {};
  return { each: rest, effect: options ?? {} };
};

/** @param {string} subject @param {any} client @param {string} resource @param {any} wanted */
const check = (subject, client, resource, wanted) => {
  if (!isObject(client?.[resource])) refuse(subject, "the first argument must be a client", client);
  if (!isObject(wanted) || isArray(wanted)) refuse(subject, "the second argument must be an object", wanted);
};

/** @param {any} value */
const isName = (value) => typeof value === "string" && value.trim() !== "";

/** @param {any} client @param {any} wanted @param {any} options */
const agent = async (client, wanted, options) => {
  guard("ensure.agent", () => {
    check("ensure.agent", client, "agents", wanted);
    if (!isName(wanted.name)) refuse("ensure.agent", "name must be a string that is not empty");
  });
  const settings = { ...wanted };
  const { each, effect } = parted(options);
  const find = () => findAll(client.agents.list({}, each), ({ name }) => name === settings.name);
  const [found, ...others] = await find();
  const more = { others: others.map(({ id }) => id) };
  if (!found) {
    const created = await made(
      async () => (await find())[0],
      () => client.agents.create(settings, effect),
    );
    return { action: "created", changes: Object.keys(settings), agent: created, ...more };
  }
  const changes = differing(settings, found);
  if (changes.length === 0) return { action: "unchanged", changes, agent: found, ...more };
  const updated = await client.agents.update(found.id, only(settings, changes), each);
  return { action: "updated", changes, agent: updated, ...more };
};

const NUMBER = ["externalId", "agentId", "country", "areaCode", "type", "imessageType", "expiresAt"];

/** @param {any} client @param {any} wanted @param {any} options */
const number = async (client, wanted, options) => {
  const SUBJECT = "ensure.number";
  const given = guard(SUBJECT, () => {
    check(SUBJECT, client, "numbers", wanted);
    const fields = optionsOf(SUBJECT, wanted, NUMBER);
    if (!isName(fields.externalId)) refuse(SUBJECT, "externalId must be a string that is not empty");
    return fields;
  });
  const { each, effect } = parted(options);
  const find = () =>
    findAll(
      client.numbers.list({}, each),
      ({ externalId, status }) => externalId === given.externalId && status !== "released",
    );
  let [found, ...others] = await find();
  const before = found;
  if (!found) {
    const body = only(
      given,
      NUMBER.filter((name) => given[name] !== undefined),
    );
    found = await made(
      async () => (await find())[0],
      () => client.numbers.buy(body, effect),
    );
  }
  // What cannot be changed: another number would have to be bought, and this one released.
  const other = ["country", "type"].find(
    (name) => before && !isEmpty(given[name]) && !isEmpty(found[name]) && given[name] !== found[name],
  );
  if (other)
    refuse(SUBJECT, `the number of this externalId has another ${other}; release it, or use another externalId`);
  const changes = differing(only(given, ["agentId", "expiresAt"]), found);
  const { id, agentId } = found;
  if (changes.includes("expiresAt")) found = await client.numbers.update(id, { expiresAt: given.expiresAt }, each);
  if (changes.includes("agentId")) {
    // A number has one agent at most, and the API refuses a second one.
    if (agentId) await client.agents.numbers.detach(agentId, id, each);
    if (given.agentId) await client.agents.numbers.attach(given.agentId, { numberId: id }, each);
    found = { ...found, agentId: given.agentId };
  }
  const action = before ? (changes.length > 0 ? "updated" : "unchanged") : "created";
  return {
    action,
    changes: before ? changes : NUMBER.filter((name) => given[name] !== undefined),
    number: found,
    others: others.map((one) => one.id),
  };
};

/** @param {any} client @param {any} wanted @param {any} options */
const webhook = async (client, wanted, options) => {
  const SUBJECT = "ensure.webhook";
  const { agentId, ...given } = guard(SUBJECT, () => {
    check(SUBJECT, client, "webhooks", wanted);
    const fields = optionsOf(SUBJECT, wanted, ["url", "agentId", "contextLimit", "timeout"]);
    if (!isName(fields.url)) refuse(SUBJECT, "url must be a string that is not empty");
    // Null asks for nothing: the API has a value for each field, and setting one makes a new secret.
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  });
  const { each, effect } = parted(options);
  const get = () => (agentId ? client.agents.webhook.get(agentId, each) : client.webhooks.get(each));
  const set = (/** @type {any} */ body) =>
    agentId ? client.agents.webhook.set(agentId, body, effect) : client.webhooks.set(body, effect);
  const there = await get();
  const changes = there ? differing(given, there) : Object.keys(given).filter((name) => given[name] !== undefined);
  if (there && changes.length === 0) return { action: "unchanged", changes, webhook: there };
  // It replaces the whole: what was not asked for stays as it was.
  const body = Object.fromEntries(
    ["url", "contextLimit", "timeout"]
      .map((name) => [name, given[name] ?? there?.[name]])
      .filter(([, value]) => !isEmpty(value)),
  );
  const now = await made(
    async () => {
      const found = await get();
      return found && has(body, found) ? found : undefined;
    },
    () => set(body),
  );
  return { action: there ? "updated" : "created", changes: there ? [...changes, "secret"] : changes, webhook: now };
};

export const ensure = {
  agent: (/** @type {any} */ client, /** @type {any} */ wanted, /** @type {any} */ options) =>
    agent(client, wanted, options),
  number: (/** @type {any} */ client, /** @type {any} */ wanted, /** @type {any} */ options) =>
    number(client, wanted, options),
  webhook: (/** @type {any} */ client, /** @type {any} */ wanted, /** @type {any} */ options) =>
    webhook(client, wanted, options),
};
