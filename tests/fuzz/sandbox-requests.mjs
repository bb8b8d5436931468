// Requests of every operation of the contract and of the control paths, sound and mutated, at an engine that lives:
// time passes, webhooks are answered well and badly, streams are left. It never traps, and each answer has the form of
// the API's.

import { isDeepStrictEqual } from "node:util";
import { CONTROLS, createChooser, createWorld, OPERATIONS } from "../../sandbox/node/testing-fuzz.mjs";

export const name = "sandbox-requests";

/** @typedef {ReturnType<typeof createChooser>} Chooser */
/** @typedef {ReturnType<typeof createWorld>} World */

/** So many requests are made of one engine. */
const LIFE = 3000;
/** Ids that are remembered. */
const IDS = 200;
const decoder = new TextDecoder();

/** @param {{ seed: number, seconds: number, random: () => number }} options */
export async function run({ seed, seconds, random }) {
  const chooser = createChooser(random);
  const end = performance.now() + seconds * 1000;
  let cases = 0;
  while (performance.now() < end || cases === 0) {
    const world = createWorld(1 + chooser.below(1000));
    const ids = [world.agent.id];
    // As long as there are rules, an answer may be what one of them says.
    let faulty = false;
    for (let count = 0; count < LIFE && performance.now() < end; count++) {
      const asked = request(chooser, ids);
      cases += 1;
      try {
        const answer = world.ask(asked.method, asked.target, asked.body, asked.headers);
        if (asked.target === "/__sandbox/faults" && ["POST", "DELETE"].includes(asked.method))
          faulty = asked.method === "POST";
        check(answer, asked.method, faulty);
        remember(ids, answer, chooser);
        live(world, chooser);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        throw new Error(`seed ${seed}, case ${cases}: ${JSON.stringify(asked).slice(0, 2000)}: ${message}`, {
          cause: error,
        });
      }
    }
    world.engine.free();
    // Others of the process have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { cases };
}

/** A request of any operation, with ids that are known. @param {Chooser} chooser @param {string[]} ids */
function request({ below, pick, chance, odd, fitting, mutated, broken }, ids) {
  // The latest ones are of more kinds than agents and numbers alone.
  const id = () =>
    chance(0.9)
      ? ids[Math.max(0, ids.length - 1 - below(40))]
      : encodeURIComponent(String(odd()).replaceAll("\ud800", ""));
  const filled = (/** @type {string} */ text) => text.replaceAll("{id}", id());
  let method = "GET";
  let target = "/";
  /** @type {unknown} */
  let body;
  if (chance(0.15)) {
    [method, target, body] = pick(CONTROLS);
    target = `/__sandbox/${filled(target)}`;
  } else {
    const operation = pick(OPERATIONS);
    method = operation.method;
    target = operation.path.replaceAll(/\{[^}]+\}/g, id);
    const query = operation.query
      .filter(() => chance(0.3))
      .map(
        (/** @type {{ name: string, schema: object }} */ { name, schema }) =>
          `${name}=${encodeURIComponent(String(chance(0.7) ? fitting(schema) : odd()).replaceAll("\ud800", ""))}`,
      );
    if (query.length > 0) target += `?${query.join("&")}`;
    if (operation.body) body = fitting(operation.body);
  }
  if (body !== undefined && chance(0.3)) body = mutated(body);
  let text = body === undefined ? undefined : filled(JSON.stringify(body));
  if (text !== undefined && chance(0.05)) text = broken(text);
  if (chance(0.01)) method = pick(["HEAD", "OPTIONS", "TRACE", "", "get", "\u0000"]);
  const lines = ["authorization: Bearer sk_test", "content-type: application/json"];
  if (chance(0.03))
    lines[0] = pick(["", "authorization: Bearer", "authorization: Basic x", "authorization: Bearer \u00ff"]);
  if (chance(0.02)) lines[1] = "content-type: text/plain";
  if (chance(0.05)) lines.push(`x-sub-account-id: ${chance(0.5) ? ids[below(ids.length)] : "none"}`);
  if (chance(0.05)) lines.push(`range: bytes=${pick(["0-9", "-5", "9-", "99999999999-", "x"])}`);
  return { method, target, body: text, headers: `${lines.join("\n")}\n` };
}

/** Whether an answer has the form of the API's. @param {ReturnType<World["ask"]>} answer @param {string} method @param {boolean} faulty */
function check({ status, headers, delivery, body, stream }, method, faulty) {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`status ${status}`);
  if (faulty || delivery.action !== "normal" || delivery.delayMs > 0) return;
  if (status >= 500 && status !== 502) throw new Error(`status ${status}: ${decoder.decode(body)}`);
  const type = headers["content-type"] ?? "";
  if (status < 300) {
    if (type === "application/json" && stream === null) JSON.parse(decoder.decode(body));
    return;
  }
  if (method === "HEAD" || status === 416) return;
  if (type !== "application/json") throw new Error(`an error as ${type}`);
  const { error, detail } = JSON.parse(decoder.decode(body));
  const items =
    Array.isArray(detail) &&
    detail.every(
      ({ loc, msg, type: kind }) => Array.isArray(loc) && typeof msg === "string" && typeof kind === "string",
    );
  const envelope =
    error && typeof error.message === "string" && typeof error.type === "string" && Array.isArray(error.details);
  if (!envelope && !items && typeof detail !== "string")
    throw new Error(`an error of no form: ${decoder.decode(body)}`);
}

/**
 * Notes the ids in an answer, for the paths of later requests.
 * @param {string[]} ids @param {ReturnType<World["ask"]>} answer @param {Chooser} chooser
 */
function remember(ids, { status, headers, body, stream }, { chance }) {
  if (status >= 300 || stream !== null || headers["content-type"] !== "application/json" || !chance(0.3)) return;
  for (const [, id] of decoder
    .decode(body)
    .slice(0, 5000)
    .matchAll(/"(?:\w*[iI]d|accessToken)":"([\w-]+)"/g)) {
    if (!ids.includes(id)) ids.push(id);
  }
  ids.splice(1, ids.length - IDS);
}

/** What a host does between two requests. @param {World} world @param {Chooser} chooser */
function live({ engine, now, pass }, chooser) {
  const { pick, chance } = chooser;
  if (chance(0.3)) {
    pass(pick([0, 1, 500, 5000, 60_000, 3_600_000]));
    engine.advance(now());
  }
  if (chance(0.01)) pass(40 * 86_400_000);
  for (const output of engine.takeOutbox()) {
    if (output.kind === "chunk" && chance(0.1)) engine.closed(output.stream);
    if (output.kind === "send") answer(engine, output.id, now(), chooser);
  }
  if (chance(0.002)) {
    const saved = engine.snapshot();
    engine.restore(saved);
    if (!isDeepStrictEqual(JSON.parse(engine.snapshot()).version, JSON.parse(saved).version))
      throw new Error("a snapshot of another version");
  }
}

/** Answers a webhook, as servers of all kinds do. @param {World["engine"]} engine @param {number} id @param {number} now @param {Chooser} chooser */
function answer(engine, id, now, { below, pick, chance }) {
  if (chance(0.2))
    return chance(0.5) ? engine.sentFailed(id, pick(["ECONNREFUSED", "", "\u0000"]), now) : engine.timedOut(id, now);
  engine.sentHead(
    id,
    pick([200, 200, 200, 204, 302, 404, 500, 999, 0]),
    pick(["content-type: application/json\n", "content-type: application/x-ndjson\n", "", "nonsense"]),
    now,
  );
  const said = pick([
    '{"text":"Hi"}',
    '{"text":"Hi","hangup":true}',
    '{"text":"a","interim":true}\n{"text":"b"}\n',
    '{"action":"transfer"}',
    '{"digits":"12#"}',
    "{",
    "[]",
    "null",
    "\n\n",
    "",
    "\u0000",
  ]);
  const bytes = new TextEncoder().encode(said);
  const cut = below(bytes.length + 1);
  engine.sentBody(id, bytes.subarray(0, cut), now);
  engine.sentBody(id, chance(0.01) ? new Uint8Array(300_000) : bytes.subarray(cut), now);
  if (chance(0.9)) engine.sentEnd(id, now);
}
