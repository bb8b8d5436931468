// Shared by the sandbox's fuzz tests: seeded choices, requests that the contract allows, and an engine that is
// called directly, so that recovery does not hide traps.

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { loadEngine } from "./load.mjs";

/** A JSON Schema from the contract, a value that matches it, or received JSON. @typedef {any} Json */

const NOON = Date.UTC(2026, 10, 22, 12);
const METHODS = ["get", "post", "put", "patch", "delete"];

const contract = parse(readFileSync(new URL("../../contract/openapi.yaml", import.meta.url), "utf8"));

/** Every operation of the contract: { id, method, path, body, query }. */
export const OPERATIONS = Object.entries(/** @type {Record<string, Json>} */ (contract.paths)).flatMap(
  ([path, methods]) =>
    METHODS.flatMap((method) => {
      const raw = methods[method];
      if (!raw) return [];
      const query = (raw.parameters ?? []).map(resolved).filter((/** @type {Json} */ one) => one.in === "query");
      return [
        {
          id: raw.operationId,
          method: method.toUpperCase(),
          path,
          body: raw.requestBody?.content?.["application/json"]?.schema,
          query,
        },
      ];
    }),
);

/** The control paths, each with a body that it accepts. @type {[method: string, path: string, body?: object][]} */
const CONTROLS = [
  ["GET", "health"],
  ["GET", "ledger"],
  ["GET", "requests"],
  ["GET", "magic"],
  ["GET", "script"],
  ["GET", "faults"],
  ["POST", "inbound/call", { from: "+14155550100" }],
  ["POST", "inbound/message", { body: "Hi" }],
  ["POST", "inbound/reaction", { messageId: "{id}", reaction: "love" }],
  ["PUT", "script", { lines: [{ caller: "Hi", agent: "Hello" }], pauseMs: 100, toNumber: "+14155550100" }],
  ["DELETE", "script"],
  ["POST", "calls/{id}/say", { text: "Hi" }],
  ["POST", "calls/{id}/hangup", {}],
  ["GET", "calls/{id}"],
  ["POST", "messages/{id}/fail", { reason: "x", code: "30003" }],
  ["POST", "web/join", { accessToken: "{id}" }],
  ["POST", "faults", { match: { operation: "agents.list" }, status: 500, times: 1 }],
  ["DELETE", "faults"],
  ["POST", "clock", { advanceMs: 1 }],
];

/** @param {Json} schema @returns {Json} */
function resolved(schema) {
  if (!schema?.$ref) return schema ?? {};
  return resolved(
    schema.$ref
      .split("/")
      .slice(1)
      .reduce((/** @type {Json} */ at, /** @type {string} */ name) => at[name], contract),
  );
}

/** @param {() => number} random Numbers from 0 up to 1. */
export function createChooser(random) {
  const below = (/** @type {number} */ n) => Math.floor(random() * n);
  const pick = /** @type {<T>(list: T[]) => T} */ ((list) => list[below(list.length)]);
  const chance = (/** @type {number} */ part) => random() < part;
  /** @returns {Json} */
  const odd = () =>
    pick([
      null,
      true,
      false,
      0,
      -1,
      -0.5,
      1e308,
      2 ** 53,
      -(2 ** 63),
      2 ** 64,
      "",
      " ",
      "\u0000",
      "\ud800",
      "\u202e",
      "x".repeat(below(3000)),
      "+14155550100",
      "+1415555",
      "a@b.example",
      "2026-11-22T12:00:00Z",
      "9999-12-31T23:59:59.999Z",
      "{{a}}",
      "%00",
      "../..",
      "https://example.com",
      "http://",
      "__proto__",
      [],
      [[]],
      {},
      [null],
      { a: { b: [] } },
      Array.from({ length: below(200) }, () => 0),
    ]);

  /** A value that usually matches a schema. @param {Json} raw @returns {Json} */
  function fitting(raw, depth = 0) {
    const schema = resolved(raw);
    if (chance(0.02) || depth > 5) return odd();
    if (schema.example !== undefined && chance(0.3)) return schema.example;
    const choice = schema.oneOf ?? schema.anyOf;
    if (choice) return fitting(pick(choice), depth);
    if (schema.allOf)
      return Object.assign({}, ...schema.allOf.map((/** @type {Json} */ part) => fitting(part, depth + 1)));
    if (schema.enum) return pick(schema.enum);
    const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type;
    if (type === "array")
      return Array.from({ length: below(3) + (schema.minItems ?? 0) }, () => fitting(schema.items, depth + 1));
    if (type === "integer" || type === "number")
      return pick([schema.minimum ?? 0, schema.maximum ?? 100, below(100), schema.default ?? 1]);
    if (type === "boolean") return chance(0.5);
    if (type === "null") return null;
    if (type === "object" || schema.properties) {
      const names = Object.keys(schema.properties ?? {}).filter(
        (name) => schema.required?.includes(name) || chance(0.3),
      );
      return Object.fromEntries(names.map((name) => [name, fitting(schema.properties[name], depth + 1)]));
    }
    return pick([
      "Ada",
      "+14155550100",
      `+1415555${1000 + below(9000)}`,
      "https://example.com/hook",
      "a@b.example",
      "{id}",
    ]);
  }

  /** The value with something invalid in it. @param {Json} value @returns {Json} */
  function mutated(value) {
    if (Array.isArray(value) && value.length > 0 && chance(0.7))
      return value.map((item, at) => (at === 0 ? mutated(item) : item));
    if (value && typeof value === "object" && chance(0.8)) {
      const name = pick([...Object.keys(value), "strange"]);
      return chance(0.2)
        ? Object.fromEntries(Object.entries(value).filter(([own]) => own !== name))
        : { ...value, [name]: mutated(value[name]) };
    }
    return odd();
  }

  /** The text of a body, sometimes damaged so that it is not JSON. @param {string} text */
  function broken(text) {
    const at = below(text.length + 1);
    return pick([
      () => text.slice(0, at),
      () => text.slice(0, at) + pick(["\u0000", "{", "]", '"', "\\", "\ud800", ",", "1e9999"]) + text.slice(at),
      () => text.slice(0, at) + text.slice(at + 1 + below(5)),
      () => "[".repeat(below(5000)),
      () => '{"a":'.repeat(below(500)),
    ])();
  }

  return { below, pick, chance, odd, fitting, mutated, broken };
}

/** An engine with an agent that has a number, called without a host. @param {number} seed */
export function createWorld(seed) {
  const Engine = loadEngine();
  const engine = new Engine({ seed, limits: false, balanceCents: 1_000_000_000, maxStateBytes: 16 * 1024 * 1024 });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let now = NOON;

  const world = {
    engine,
    now: () => now,
    pass: (/** @type {number} */ ms) => (now += ms),
    /** @param {string} method @param {string} target @param {string | Uint8Array} [body] @returns {Json} */
    ask(method, target, body, headers = "authorization: Bearer sk_test\ncontent-type: application/json\n") {
      const bytes = engine.handle(
        method,
        target,
        headers,
        typeof body === "string" ? encoder.encode(body) : (body ?? new Uint8Array()),
        now,
      );
      const end = bytes.indexOf(0);
      return { ...JSON.parse(decoder.decode(bytes.subarray(0, end))), body: bytes.subarray(end + 1) };
    },
    /** @param {string} method @param {string} target @param {object} [body] @returns {Json} */
    json(method, target, body) {
      const answer = world.ask(method, target, body && JSON.stringify(body));
      return JSON.parse(decoder.decode(answer.body) || "null");
    },
  };
  const agent = world.json("POST", "/v1/agents", {
    name: "Ada",
    voiceMode: "hosted",
    systemPrompt: "Be brief.",
    beginMessage: "Hello",
  });
  world.json("POST", "/v1/numbers", { agentId: agent.id });
  world.json("POST", "/v1/webhooks", { url: "https://example.com/hook" });
  return { ...world, agent };
}

export { CONTROLS };
