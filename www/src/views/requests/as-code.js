// @ts-check
// A logged request as runnable code: curl, the client, a fault rule, a test.

import { operationOf } from "../../data/operations.js";

/** @typedef {import("../../data/exchange-calls.js").Exchange} Exchange */
/** @typedef {{ text: string | null, size: number, cut: boolean }} Body */
/** @typedef {Exchange & { request: { headers: Record<string, string>, body: Body }, response: { headers: Record<string, string>, body: Body } }} FullExchange */

/** Headers that the tool adds by itself, or that concern one connection. */
const OWN_OF_TOOLS =
  /^(?:host|connection|content-length|accept-encoding|user-agent|authorization|accept-language|sec-.*|transfer-encoding|keep-alive)$/;

/** Quoted for a shell. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** @param {FullExchange} exchange @param {string} baseUrl */
export function asCurl({ method, target, request }, baseUrl) {
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(baseUrl + target)}`];
  if (request.headers.authorization !== undefined) lines.push(`-H "Authorization: Bearer $AGENTPHONE_API_KEY"`);
  for (const [name, value] of Object.entries(request.headers))
    if (!OWN_OF_TOOLS.test(name) && value !== "*/*") lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  const { text } = request.body;
  if (text !== null && text !== "") lines.push(`--data-raw ${quoted(text)}`);
  return lines.join(" \\\n  ");
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** JSON as it would be written in a program. @param {unknown} value @param {string} [indent] @returns {string} */
export function literal(value, indent = "") {
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, `${indent}  `));
    const line = `[${items.join(", ")}]`;
    return line.length < 80 && !line.includes("\n")
      ? line
      : `[\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${IDENTIFIER.test(name) ? name : JSON.stringify(name)}: ${literal(field, `${indent}  `)}`);
  if (fields.length === 0) return "{}";
  const line = `{ ${fields.join(", ")} }`;
  if (line.length < 80 && !line.includes("\n")) return line;
  return `{\n${fields.map((field) => `${indent}  ${field},\n`).join("")}${indent}}`;
}

/** A query as the input of a method. @param {string} target */
function queryOf(target) {
  /** @type {Record<string, unknown>} */
  const all = {};
  const params = new URLSearchParams(target.split("?")[1] ?? "");
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name).map(typed);
    all[name] = values.length === 1 ? values[0] : values;
  }
  return all;
}

/** A query has only strings; methods accept numbers and booleans. @param {string} text */
const typed = (text) =>
  /^\d{1,6}$/.test(text) ? Number(text) : text === "true" ? true : text === "false" ? false : text;

/** @param {Body} body */
function jsonOf({ text, cut }) {
  if (text === null || text === "" || cut) return undefined;
  try {
    return /** @type {unknown} */ (JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A call of the client's method. @param {FullExchange} exchange @param {string} [client] */
function invocation(exchange, client = "client") {
  const { method, target, request, idempotencyKey } = exchange;
  const asked = operationOf(method, target);
  const query = queryOf(target);
  const body = jsonOf(request.body);
  const options = idempotencyKey === null ? [] : [`{ idempotencyKey: ${JSON.stringify(idempotencyKey)} }`];
  if (asked === undefined) {
    const [path = ""] = target.split("?");
    const more = { ...(Object.keys(query).length > 0 ? { query } : {}), ...(body === undefined ? {} : { body }) };
    // Its effect is not known, so it must not be retried automatically.
    const all = method === "GET" ? more : { ...more, effect: "effect" };
    const parts = [
      JSON.stringify(method),
      JSON.stringify(path),
      ...(Object.keys(all).length > 0 ? [literal(all)] : []),
    ];
    return `${client}.request(${parts.join(", ")})`;
  }
  const input = typeof body === "object" && body !== null ? { ...query, ...body } : query;
  const given = Object.keys(input).length > 0;
  const parts = [...asked.ids.map((id) => JSON.stringify(id)), ...(given ? [literal(input)] : []), ...options];
  return `${client}.${asked.id}(${parts.join(", ")})`;
}

/** Operations whose result is not awaited. */
const STREAMS = new Set(["calls.transcript.stream"]);

/** @param {FullExchange} exchange @param {string | undefined} baseUrl Absent for the real API. */
export function asClient(exchange, baseUrl) {
  const { account, method, target } = exchange;
  const asked = operationOf(method, target);
  const options = [
    "apiKey: process.env.AGENTPHONE_API_KEY",
    ...(baseUrl === undefined ? [] : [`baseUrl: ${JSON.stringify(baseUrl)}`]),
  ];
  const scope = account === null ? "" : `.withSubAccount(${JSON.stringify(account)})`;
  const call = invocation(exchange, `client${scope}`);
  return [
    `import { AgentPhone } from "agentphone-wasm";`,
    "",
    `const client = new AgentPhone({ ${options.join(", ")} });`,
    asked !== undefined && STREAMS.has(asked.id)
      ? `for await (const event of ${call}) console.log(event);`
      : `const result = await ${call};`,
  ].join("\n");
}

/** What a fault did to a response, in the form of a rule. @type {Record<string, Record<string, unknown>>} */
const DAMAGE = {
  "cut-before-headers": { cut: "before-headers" },
  "cut-after-headers": { cut: "after-headers" },
  "cut-mid-body": { cut: "mid-body" },
  "stall-headers": { stall: "headers" },
  "stall-body": { stall: "body" },
  slow: { slow: { bytes: 10, everyMs: 100 } },
};

/** The code in an error body. @param {Body} body @returns {string | undefined} */
export function codeOf(body) {
  const json = jsonOf(body);
  if (typeof json !== "object" || json === null || !("error" in json)) return undefined;
  const { error } = json;
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A rule that makes the sandbox respond like this; after a success, one that loses the response. @param {FullExchange} exchange */
export function ruleOf({ method, target, status, outcome, response }) {
  const asked = operationOf(method, target);
  const match = asked === undefined ? { method, path: target.split("?")[0] } : { operation: asked.id };
  const damage = DAMAGE[outcome];
  if (damage !== undefined) return { match, times: 1, ...damage };
  if (status === null || status < 400) return { match, times: 1, cut: "before-headers" };
  const code = codeOf(response.body);
  const after = response.headers["retry-after"];
  return {
    match,
    times: 1,
    status,
    ...(code === undefined ? {} : { code }),
    ...(after === undefined ? {} : { headers: { "retry-after": after } }),
  };
}

/** @param {FullExchange} exchange */
export const asRule = (exchange) => `sandbox.faults.add(${literal(ruleOf(exchange))});`;

/** @param {FullExchange} exchange */
export function asTest(exchange) {
  const { method, target, status, outcome, response } = exchange;
  const name = operationOf(method, target)?.id ?? `${method} ${target.split("?")[0]}`;
  const head = [
    `import assert from "node:assert/strict";`,
    `import { test } from "node:test";`,
    `import { AgentPhone } from "agentphone-wasm";`,
  ];
  const good = outcome === "normal" && status !== null && status < 400;
  if (good) {
    const body = response.body.text ?? "";
    const answer = status === 204 ? "null" : JSON.stringify(body);
    const type = response.headers["content-type"] ?? "application/json";
    return [
      ...head,
      "",
      `test(${JSON.stringify(`${name} reads the response that was recorded`)}, async () => {`,
      "  const sent = [];",
      "  const fetch = async (url, init) => {",
      '    sent.push(init.method + " " + new URL(url).pathname);',
      `    return new Response(${answer}, { status: ${status}, headers: { "content-type": ${JSON.stringify(type)} } });`,
      "  };",
      `  const client = new AgentPhone({ apiKey: "sk_test", fetch });`,
      `  await ${invocation(exchange)};`,
      `  assert.deepEqual(sent, [${JSON.stringify(`${method} ${target.split("?")[0]}`)}]);`,
      "});",
    ].join("\n");
  }
  const expected = status !== null && outcome === "normal" ? `{ status: ${status} }` : "AgentPhoneError";
  const [imports, rest] = [
    head.slice(0, 2),
    expected === "AgentPhoneError" ? "AgentPhone, AgentPhoneError" : "AgentPhone",
  ];
  return [
    ...imports,
    `import { ${rest} } from "agentphone-wasm";`,
    `import { createSandbox } from "agentphone-wasm/sandbox";`,
    "",
    `test(${JSON.stringify(`${name} fails as it was recorded`)}, async () => {`,
    "  const sandbox = createSandbox();",
    // A shorter timeout than usual: what matters is how the program handles the failure.
    `  const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch, maxRetries: 0, timeout: 1000 });`,
    `  ${asRule(exchange).replaceAll("\n", "\n  ")}`,
    `  await assert.rejects(${invocation(exchange)}, ${expected});`,
    "  sandbox.close();",
    "});",
  ].join("\n");
}
