// The options that make a sandbox restrict and respond as the real API was seen to: in memory, over HTTP and from
// the command line. sandbox/src/tests/strict.rs tests the rules themselves.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { demo } from "../js/demo/index.mjs";
import { createSandbox, serveSandbox } from "./index.mjs";
import { JSON_KEY } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const CLI = fileURLToPath(new URL("cli.mjs", import.meta.url));

/** @param {typeof fetch} ask @param {string} [base] @returns {(path: string, body: object) => Promise<{ status: number, body: Foreign }>} */
const poster =
  (ask, base = "") =>
  async (path, body) => {
    const answer = await ask(base + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };

/** What a new account gets when it calls twice and texts at once. @param {ReturnType<typeof poster>} post */
async function firstSteps(post) {
  const agent = (await post("/v1/agents", { name: "A" })).body.id;
  const line = (await post("/v1/numbers", { agentId: agent })).body;
  const call = () => post("/v1/calls", { agentId: agent, toNumber: "+14155550100" });
  const [one, two] = [await call(), await call()];
  const text = await post("/v1/messages", { number_id: line.id, to_number: "+14155550100", body: "Hi" });
  return { statuses: [one.status, two.status, text.status], sms: line.outboundSms, text: text.body };
}

describe("strict", () => {
  test("is off by default, so that first experiments succeed", async () => {
    const sandbox = createSandbox();
    const { statuses, sms } = await firstSteps(poster(sandbox.fetch));
    assert.deepEqual([statuses, sms], [[200, 200, 200], "enabled"]);
    sandbox.close();
  });

  test("rejects in memory and over HTTP what the API rejects for a new account", async () => {
    const [sandbox, server] = [createSandbox({ strict: true }), await serveSandbox({ strict: true })];
    for (const post of [poster(sandbox.fetch), poster(fetch, server.url)]) {
      const { statuses, sms, text } = await firstSteps(post);
      assert.deepEqual([statuses, sms], [[200, 409, 403], "registration_required"]);
      assert.match(text.detail, /10DLC/);
    }
    sandbox.reset();
    assert.deepEqual((await firstSteps(poster(sandbox.fetch))).statuses, [200, 409, 403], "a reset keeps the rules");
    sandbox.close();
    await server.close();
  });

  test("cannot be combined with the demo, whose past breaks its rules", () => {
    assert.throws(() => createSandbox({ strict: true, demo: demo() }), /strict and demo cannot be combined/);
  });

  test("and errors are rejected by name if their type is wrong", () => {
    assert.throws(() => createSandbox(/** @type {Foreign} */ ({ strict: "yes" })), {
      name: "TypeError",
      message: "strict must be true or false",
    });
    for (const errors of ["Detail", true, null]) {
      assert.throws(() => createSandbox(/** @type {Foreign} */ ({ errors })), {
        name: "TypeError",
        message: 'errors must be "envelope" or "detail"',
      });
    }
  });
});

describe("errors in the recorded shape", () => {
  const AGENT = { name: "A" };

  test("reach a program that reads only detail", async () => {
    const sandbox = createSandbox({ errors: "detail", balanceCents: 10 });
    const post = poster(sandbox.fetch);
    const agentId = (await post("/v1/agents", AGENT)).body.id;
    const { status, body } = await post("/v1/numbers", { agentId });
    assert.equal(status, 402);
    assert.deepEqual(Object.keys(body), ["detail"]);
    assert.match(body.detail, /balance is too low/);
    sandbox.close();
  });

  test("are the envelope by default", async () => {
    const sandbox = createSandbox({ balanceCents: 10 });
    const { body } = await poster(sandbox.fetch)("/v1/numbers", {});
    assert.equal(body.error.code, "INSUFFICIENT_BALANCE");
    sandbox.close();
  });

  test("and the rules of strict can be turned on from the command line", async () => {
    const child = spawn(process.execPath, [CLI, "--port", "0", "--strict", "--errors", "detail"]);
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    while (!out.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out) ?? [];
    const post = poster(fetch, url);
    assert.deepEqual((await firstSteps(post)).statuses, [200, 409, 403]);
    assert.equal(typeof (await post("/v1/messages", { to_number: "x", body: "Hi" })).body.detail, "string");
    child.kill("SIGTERM");
    await once(child, "close");
  });

  for (const [args, words] of /** @type {const} */ ([
    [["--errors", "json"], '--errors must be envelope or detail, not "json"'],
    [["--strict", "--demo"], "--strict and --demo cannot be combined"],
  ])) {
    test(`the command rejects ${args.join(" ")} with a reason`, async () => {
      const child = spawn(process.execPath, [CLI, ...args]);
      let told = "";
      child.stderr.on("data", (chunk) => (told += chunk));
      const [code] = await once(child, "close");
      assert.equal(code, 1);
      assert.ok(told.includes(words), told);
    });
  }
});
