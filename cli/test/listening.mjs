// What the tests of `listen` share: a user's program, an account that delivers to it, and a command that listens between them.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach } from "node:test";
import { serveSandbox } from "agentphone-wasm/sandbox";
import { lines, on, run, start } from "./harness.mjs";

/** @typedef {{ url: string, headers: import("node:http").IncomingHttpHeaders, body: string }} Got */

/** `got`: what reached the user's program; `answer`: what it answers; `account`: a sandbox under the address of the API. */
export const state = {
  /** @type {Got[]} */
  got: [],
  /** @type {(response: import("node:http").ServerResponse) => void} */
  answer: (response) => response.end("ok"),
  /** @type {import("agentphone-wasm/sandbox").SandboxServer} */
  account: /** @type {any} */ (undefined),
  /** @type {Record<string, string>} */
  env: {},
  agent: "",
  forwardTo: "",
};
const program = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    state.got.push({ url: request.url ?? "", headers: request.headers, body });
    state.answer(response);
  });
});
before(async () => {
  await new Promise((resolve) => program.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (program.address());
  state.forwardTo = `http://127.0.0.1:${port}/hooks/agentphone?tenant=7`;
  state.account = await serveSandbox({ limits: false });
  state.env = on(state.account.url);
  state.agent = lines((await run(["agents", "create", "--name", "Dev"], { env: state.env })).stdout)[0].id;
  await run(["numbers", "buy", "--agent-id", state.agent, "--yes"], { env: state.env });
});
after(async () => {
  program.close();
  await state.account.close();
});
beforeEach(() => {
  state.got = [];
  state.answer = (response) => response.end("ok");
});

/** A port that is free now. */
export const freePort = async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return String(port);
};

/** The command that listens on the account at a port. @param {string} port */
export const listenAt = (port) => [
  "listen",
  "--forward-to",
  state.forwardTo,
  "--agent",
  state.agent,
  "--port",
  port,
  "--tunnel",
  `http://127.0.0.1:${port}/`,
];

/** Starts listening on the account, through a tunnel that is no longer than this machine. @param {string[]} more @param {Record<string, string>} [extra] */
export const listen = async (more = [], extra = {}) => {
  const port = await freePort();
  const listening = start([...listenAt(port), ...more], { env: { ...state.env, ...extra } });
  const ready = listening.seen(/"note":"listening"[^\n]*\n/);
  await Promise.race([ready, listening.ended.then(({ stderr }) => assert.fail(stderr))]);
  return { ...listening, port, ready: JSON.parse(`{${(await ready)[0].trim()}`) };
};
export const webhookNow = async () =>
  JSON.parse((await run(["agents", "webhook", "get", state.agent], { env: state.env })).stdout);
export const arrived = async (count = 1) => {
  for (let at = 0; at < 200 && state.got.length < count; at += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  assert.equal(state.got.length, count);
};
/** @type {(signal: NodeJS.Signals) => (one: Awaited<ReturnType<typeof listen>>) => Promise<import("./harness.mjs").Ended>} */
export const end = (signal) => async (one) => {
  one.child.kill(signal);
  return one.ended;
};
