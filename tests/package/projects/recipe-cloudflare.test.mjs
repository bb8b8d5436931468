// The recipe of docs/recipes.md for Cloudflare, in workerd: its Durable Object passes the suite of all ledgers, and its Worker places one
// call for each key, whatever is lost or killed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freePort } from "../../../scripts/free-port.mjs";
import { cases } from "../../ledger/conformance.mjs";
import { files } from "../../recipes/page.mjs";
import { nodeOf, project, serves, startSandbox, tool } from "./project.mjs";

/** @import { Ledger } from "agentphone-wasm/ledger" */

const wrangler = tool("wrangler", "bin", "wrangler.js");
const sandbox = await startSandbox();

/** Starts a Worker of the recipe's project; what it stores is in `cwd`. @param {string} cwd @param {string} [main] */
const started = async (cwd, main = "worker.ts") => {
  const port = await freePort();
  const inspector = `${await freePort()}`;
  const vars = ["AGENTPHONE_API_KEY:sk_test", `AGENTPHONE_BASE_URL:${sandbox.url}`].flatMap((word) => ["--var", word]);
  const options = ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", inspector, "--persist-to", "stored"];
  const url = `http://127.0.0.1:${port}`;
  const stop = await serves(url, nodeOf(22), [wrangler, "dev", main, ...options, ...vars], { cwd });
  const ask = (/** @type {object} */ body) => fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { ask, stop };
};

/** Has a ledger's methods called from outside: what the suite needs. */
const REMOTE = `export { Effects } from "./effects.ts";
export default {
  async fetch(request, env) {
    if (request.method === "GET") return new Response("ready");
    const { namespace, method, argument } = await request.json();
    const ledger = env.EFFECTS.get(env.EFFECTS.idFromName(namespace));
    return Response.json(await ledger[method](argument).then((value) => ({ value }), ({ message }) => ({ message })));
  },
};
`;

describe("the Durable Object passes the suite of ledgers", async () => {
  const cwd = project("recipe-ledger", { ...files, "remote.mjs": REMOTE });
  const { ask, stop } = await started(cwd, "remote.mjs");
  /** @returns {Ledger} */
  const open = (/** @type {string} */ namespace) => {
    const call = async (/** @type {string} */ method, /** @type {unknown} */ argument) => {
      const { value, message } = await (await ask({ namespace, method, argument })).json();
      if (message !== undefined) throw new Error(message);
      return value;
    };
    return {
      // JSON has no undefined.
      read: async (keys) => (await call("read", keys)).map((/** @type {unknown} */ entry) => entry ?? undefined),
      write: (changes) => call("write", changes),
      open: (page) => call("open", page),
      prune: ({ olderThan }) => call("prune", { olderThan: Number(olderThan) }),
    };
  };
  for (const { name, run } of cases) test(name, () => run(open));
  test("and ends", stop);
});

describe("the Worker", { concurrency: false }, () => {
  const agent = async () => {
    sandbox.reset();
    const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
      const headers = { authorization: "Bearer sk_test", "content-type": "application/json" };
      return (await fetch(`${sandbox.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
    };
    const { id } = await post("/v1/agents", { name: "Ada" });
    await post("/v1/numbers", { agentId: id });
    return id;
  };
  const idOf = async (/** @type {Promise<Response>} */ answer) => {
    const text = await (await answer).text();
    assert.match(text, /^\{"id":"\w+"\}$/);
    return JSON.parse(text).id;
  };

  test("two requests at once for one order place one call", async (t) => {
    const { ask, stop } = await started(project("recipe-cloudflare", files));
    t.after(stop);
    const body = { order: "1", agentId: await agent(), toNumber: "+14155550100" };
    const [first, second] = await Promise.all([idOf(ask(body)), idOf(ask(body))]);
    assert.equal(first, second);
    assert.equal(sandbox.ledger().callsPlaced, 1);
    assert.notEqual(await idOf(ask({ ...body, order: "2" })), first);
  });

  test("workerd is killed during the call, and the one after it finds the call", async (t) => {
    const cwd = project("recipe-cloudflare", files);
    const body = { order: "3", agentId: await agent(), toNumber: "+14155550100" };
    sandbox.faults.add({ match: { operation: "calls.create" }, stall: "headers", times: 1 });
    const before = await started(cwd);
    const lost = before.ask(body).catch(() => {});
    const end = performance.now() + 30_000;
    while (sandbox.ledger().callsPlaced === 0) {
      assert.ok(performance.now() < end, "a call was placed");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    before.stop();
    await lost;
    const after = await started(cwd);
    t.after(after.stop);
    let answer = await after.ask(body);
    for (let tries = 0; answer.status === 503 && tries < 6; tries += 1) answer = await after.ask(body);
    assert.ok(await idOf(Promise.resolve(answer)));
    assert.equal(sandbox.ledger().callsPlaced, 1);
  });
});
