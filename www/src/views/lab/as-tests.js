// @ts-check
// A run of the lab as a test for vitest, jest or node:test: the same fault, the same call, and what is true afterwards.

import { literal } from "../requests/as-code.js";

/** @typedef {"vitest" | "jest" | "node"} Framework */
/**
 * `expected`: the error's fields, absent for a success. `happened`: how often it took place. `settles`: milliseconds
 * until all has happened.
 * @typedef {{ operation: string, label: string, rule: unknown, retries: number, timeout?: number | undefined, settles?: number | undefined, expected?: { code: string, outcomeUnknown: boolean } | undefined, happened: number }} TestOf
 */

const AGENT = [
  'const agent = await client.agents.create({ name: "Desk" });',
  'await client.numbers.buy({ country: "US", agentId: agent.id });',
];

/** By operation: what it needs, the call, and what the ledger counts of it. @type {Readonly<Record<string, { before: string[], call: string, count: string }>>} */
const CALLS = {
  "calls.create": {
    before: AGENT,
    call: 'client.calls.create({ agentId: agent.id, toNumber: "+14155550100" })',
    count: "sandbox.ledger().callsPlaced",
  },
  "messages.send": {
    before: AGENT,
    call: 'client.messages.send({ agent_id: agent.id, to_number: "+14155550100", body: "Your table is ready." })',
    count: "sandbox.ledger().textsSent",
  },
  "numbers.buy": {
    before: [],
    call: 'client.numbers.buy({ country: "US" })',
    count: "sandbox.ledger().numbersBought",
  },
  "webhooks.set": {
    before: [],
    call: 'client.webhooks.set({ url: "https://example.com/hook" })',
    count: 'sandbox.ledger().byOperation["webhooks.set"]?.performed ?? 0',
  },
  "numbers.release": {
    before: ['const number = await client.numbers.buy({ country: "US" });'],
    call: "client.numbers.release(number.id)",
    count: 'sandbox.ledger().byOperation["numbers.release"]?.performed ?? 0',
  },
  "calls.list": {
    before: [],
    call: "client.calls.list({ limit: 5 })",
    count: 'sandbox.ledger().byOperation["calls.list"]?.performed ?? 0',
  },
};

/** Whether an operation can be written as a test. @param {string} operation */
export const canBeTest = (operation) => CALLS[operation] !== undefined;

/** @type {Readonly<Record<Framework, { imports: string[], same: (found: string, wanted: string) => string }>>} */
const FRAMEWORKS = {
  vitest: {
    imports: ['import { expect, test } from "vitest";'],
    same: (found, wanted) => `expect(${found}).toBe(${wanted});`,
  },
  jest: {
    imports: ['import { expect, test } from "@jest/globals";'],
    same: (found, wanted) => `expect(${found}).toBe(${wanted});`,
  },
  node: {
    imports: ['import assert from "node:assert/strict";', 'import { test } from "node:test";'],
    same: (found, wanted) => `assert.equal(${found}, ${wanted});`,
  },
};

/** @param {TestOf} of @param {Framework} framework */
export function asTest({ operation, label, rule, retries, timeout, settles, expected, happened }, framework) {
  const { imports, same } = FRAMEWORKS[framework];
  const { before, call, count } = CALLS[operation] ?? { before: [], call: "", count: "" };
  const options = ['apiKey: "sk_test"', "fetch: sandbox.fetch", `maxRetries: ${retries}`];
  if (timeout !== undefined) options.push(`timeout: ${timeout}`);
  const outcome =
    expected === undefined
      ? [`await ${call};`]
      : [
          `const failure = await ${call}.then(() => undefined, (error) => error);`,
          same("failure?.code", JSON.stringify(expected.code)),
          same("failure?.outcomeUnknown", String(expected.outcomeUnknown)),
        ];
  const lines = [
    "const sandbox = createSandbox({ limits: false });",
    `const client = new AgentPhone({ ${options.join(", ")} });`,
    ...before,
    `const before = ${count};`,
    `sandbox.faults.add(${literal(rule)});`,
    ...outcome,
    ...(settles === undefined ? [] : [`await new Promise((resolve) => setTimeout(resolve, ${settles}));`]),
    same(`${count.includes("??") ? `(${count})` : count} - before`, String(happened)),
    "sandbox.close();",
  ];
  return [
    ...imports,
    'import { AgentPhone } from "agentphone-wasm";',
    'import { createSandbox } from "agentphone-wasm/sandbox";',
    "",
    `test(${JSON.stringify(`${operation}: ${label}`)}, async () => {`,
    ...lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`),
    "});",
  ].join("\n");
}
