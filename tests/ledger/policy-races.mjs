// Policies of several processes that count in one database. The hazards: a limit that machines exceed together, a place that is
// lost with a request that was refused, a consent that two machines use, a machine that dies with places taken.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { agentTools, policy } from "agentphone-wasm/tools";
import { connect } from "./connect.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const WORKER = fileURLToPath(new URL("policy-worker.mjs", import.meta.url));
const MACHINES = 3;
const SECRET = "a secret of sixteen characters";
let people = 0;
/** Somebody new for each call. @param {number} count */
const inputs = (count) =>
  Array.from({ length: count }, () => ({ to: `+1415555${String((people += 1)).padStart(4, "0")}`, greeting: "Hi" }));

/** A machine: `go` lets it begin, `results` is what its tools returned. @param {object} task */
const machine = async (task) => {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(task)], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = () =>
    text
      .split("\n")
      .slice(1)
      .filter(Boolean)
      .map((line) => /** @type {Foreign} */ (JSON.parse(line)));
  while (!text.includes("\n")) {
    if (child.exitCode !== null) throw new Error("the machine did not start");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { go: () => child.stdin.write("go\n"), lines, ended, kill: () => child.kill("SIGKILL") };
};

/** @param {"pg" | "redis"} kind @param {string | false} skip @param {() => Promise<Foreign>} startServer */
export const policyRaces = (kind, skip, startServer) =>
  describe(`policies over ${kind}`, { skip }, () => {
    /** @type {Foreign} */
    let server;
    /** @type {Awaited<ReturnType<typeof serveSandbox>>} */
    let sandbox;
    let agentId = "";
    before(async () => {
      [server, sandbox] = await Promise.all([startServer(), serveSandbox({ port: 0, limits: false })]);
      const client = new AgentPhone({ apiKey: "sk_test_key", baseUrl: sandbox.url, logLevel: "off" });
      ({ id: agentId } = await client.agents.create({ name: "Desk" }));
      await client.numbers.buy({ agentId });
    });
    after(async () => {
      await sandbox?.close();
      await server?.remove();
    });

    const placed = () => sandbox.ledger().byOperation["calls.create"]?.performed ?? 0;
    let names = 0;
    /** Machines that do this at once. @param {object} rules @param {(at: number) => object[]} given @param {object} [more] */
    const machines = async (rules, given, more = {}) => {
      const place = { kind, port: server.port, options: { namespace: `policy ${(names += 1)}` } };
      const all = await Promise.all(
        Array.from({ length: MACHINES }, (_, at) =>
          machine({ place, url: sandbox.url, agentId, rules, inputs: given(at), ...more }),
        ),
      );
      for (const { go } of all) go();
      return { all, place };
    };
    /** @param {{ all: Awaited<ReturnType<typeof machine>>[] }} running @returns {Promise<Foreign[]>} */
    const outcomes = async ({ all }) => {
      await Promise.all(all.map(({ ended }) => ended));
      return all.flatMap(({ lines }) => lines());
    };

    test("only as many calls are placed as are allowed, and the others learn when to retry", {
      timeout: 90_000,
    }, async () => {
      const before = placed();
      const results = await outcomes(await machines({ calls: { hour: 10 } }, () => inputs(10)));
      const count = (/** @type {string} */ status) => results.filter((one) => one.status === status).length;
      assert.deepEqual([placed() - before, count("done"), count("refused")], [10, 10, 10 * (MACHINES - 1)]);
      assert.ok(results.every(({ status, code }) => status === "done" || code === "COUNT_LIMIT"));
    });

    test("machines spend the money of a day together, and one person is reached as often as one may be", {
      timeout: 90_000,
    }, async () => {
      const [first, second] = inputs(2);
      const before = placed();
      const rules = { money: { day: 1.2 }, prices: { minute: 0.1 }, maxMinutes: 2, calls: { person: 2 } };
      const given = (/** @type {number} */ at) =>
        [first, second, ...inputs(4)].map((input) => ({ ...input, greeting: `Hi from ${at}` }));
      const results = await outcomes(await machines(rules, given));
      const done = results.filter(({ status }) => status === "done").length;
      // Six calls for $1.20: of the first two people, at most two each.
      assert.deepEqual([done, placed() - before], [6, 6]);
      assert.ok(results.every(({ status, code }) => status === "done" || /MONEY_LIMIT|PERSON_LIMIT/.test(code)));
    });

    test("a request that was refused gives its place back, on every machine", { timeout: 90_000 }, async () => {
      const before = placed();
      sandbox.faults.add({ match: { operation: "calls.create" }, status: 409, code: "CONFLICT", times: 2 * MACHINES });
      const rules = { calls: { hour: 2 * MACHINES } };
      const running = await machines(rules, () => inputs(2));
      const results = await outcomes(running);
      assert.deepEqual(
        results.map(({ code }) => code),
        Array(2 * MACHINES).fill("CONFLICT"),
      );
      assert.equal(placed(), before);
      // All places are there again.
      const { ledger, end } = await connect(running.place);
      const client = new AgentPhone({ apiKey: "sk_test_key", baseUrl: sandbox.url, ledger, logLevel: "off" });
      const [place] = agentTools(client, { agentId, only: ["place_call"], policy: policy(rules) });
      const statuses = [];
      for (const input of inputs(2 * MACHINES + 1)) statuses.push((await place?.execute(input))?.status);
      assert.deepEqual(statuses, [...Array(2 * MACHINES).fill("done"), "refused"]);
      await end();
    });

    test("a consent is used by one machine", { timeout: 90_000 }, async () => {
      const rules = { approval: { when: /** @type {const} */ ("spend"), secret: SECRET } };
      const [input] = inputs(1);
      const client = new AgentPhone({ apiKey: "sk_test_key", baseUrl: sandbox.url, logLevel: "off" });
      const [place] = agentTools(client, { agentId, only: ["place_call"], policy: policy(rules) });
      const asked = await place?.execute(input);
      const agreed = await place?.approve(asked?.approval?.request ?? "");
      const before = placed();
      // Each says it under a key of its own, so that only the policy is in the way.
      const given = (/** @type {number} */ at) => [{ ...input, key: `once ${at}` }];
      const results = await outcomes(await machines(rules, given, { approval: agreed }));
      assert.deepEqual(results.map(({ status }) => status).sort(), ["done", ...Array(MACHINES - 1).fill("refused")]);
      assert.equal(placed() - before, 1);
    });

    test("machines that die with places taken never lead to more calls than are allowed", {
      timeout: 90_000,
    }, async () => {
      const before = placed();
      const rules = { calls: { hour: 8 } };
      const running = await machines(rules, () => inputs(6));
      // Killed once something has been placed, in the middle of everything else.
      while (placed() === before) await new Promise((resolve) => setTimeout(resolve, 1));
      for (const { kill } of running.all) kill();
      await outcomes(running);
      const survivors = await Promise.all(
        [0, 1].map(() => machine({ place: running.place, url: sandbox.url, agentId, rules, inputs: inputs(6) })),
      );
      for (const { go } of survivors) go();
      const results = await outcomes({ all: survivors });
      assert.ok(placed() - before <= 8, `${placed() - before} of 8`);
      assert.ok(results.some(({ code }) => code === "COUNT_LIMIT"));
    });
  });
