// State files that were damaged, by chance and by hand. Whatever is in one, the start goes on: the file is understood, or
// it is put aside whole; and what was understood can be lived with.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveSandbox } from "../../sandbox/node/index.mjs";
import { createChooser, createWorld } from "../../sandbox/node/testing-fuzz.mjs";

export const name = "state-files";

/** @typedef {ReturnType<typeof createChooser>} Chooser */

/** One case of so many goes through a file and a server, which takes more time. */
const THROUGH_A_SERVER = 40;
const VIEWS = [
  "/v1/agents",
  "/v1/numbers",
  "/v1/calls",
  "/v1/conversations",
  "/v1/contacts",
  "/v1/webhooks/deliveries",
  "/v1/usage",
  "/v1/usage/by-agent?period=week",
  "/v1/register",
  "/v1/sub-accounts",
  "/__sandbox/ledger",
  "/__sandbox/requests",
  "/__sandbox/script",
];

/** @param {{ seed: number, seconds: number, random: () => number }} options */
export async function run({ seed, seconds, random }) {
  const chooser = createChooser(random);
  const folder = mkdtempSync(join(tmpdir(), "sandbox-fuzz-"));
  const end = performance.now() + seconds * 1000;
  let cases = 0;
  let text = "";
  try {
    const whole = busy();
    while (performance.now() < end || cases === 0) {
      text = damaged(whole, chooser);
      cases += 1;
      if (cases % THROUGH_A_SERVER === 1) await throughServer(text, join(folder, `state-${cases}.json`));
      else inMemory(text, chooser);
    }
  } catch (error) {
    // Beside the system's own files, because a state is too long for a message.
    const kept = join(tmpdir(), `sandbox-fuzz-state-${seed}-${cases}.json`);
    writeFileSync(kept, text);
    throw new Error(`seed ${seed}, case ${cases}: ${/** @type {Error} */ (error).message}; the state is in ${kept}`, {
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { cases };
}

/** A state with something of every kind in it, and much of it under way. */
function busy() {
  const world = createWorld(7);
  const { agent, json } = world;
  const [number] = json("GET", "/v1/numbers").data;
  json("POST", "/v1/contacts", { phoneNumber: "+14155550100", name: "Ann" });
  json("POST", "/v1/sub-accounts", { name: "Client" });
  json("POST", "/v1/sip-trunks", {});
  json("POST", "/v1/verify/send", { phone_number: "+14155550100" });
  json("POST", "/credits/recording/enable");
  json("PUT", "/__sandbox/script", { toNumber: "+14155550101", lines: [{ caller: "Hi" }] });
  for (let count = 0; count < 3; count++) {
    json("POST", "/v1/messages", { number_id: number.id, to_number: `+1415555010${count}`, body: "Hi" });
    json("POST", "/__sandbox/inbound/message", { body: "Hello" });
    json("POST", "/v1/calls", { agentId: agent.id, toNumber: `+1415555010${count}` });
    json("POST", "/__sandbox/inbound/call", {});
    world.pass(3000);
    world.engine.takeOutbox();
  }
  json("GET", "/v1/calls");
  const text = world.engine.snapshot();
  world.engine.free();
  return text;
}

/** @param {string} whole @param {Chooser} chooser */
function damaged(whole, { below, pick, chance, odd, broken }) {
  if (chance(0.15)) return broken(whole);
  if (chance(0.1)) {
    const at = below(whole.length);
    return whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ (1 << below(7))) + whole.slice(at + 1);
  }
  const state = JSON.parse(whole);
  for (let count = 1 + below(4); count > 0; count--) {
    // A way down into the state, and something else at its end.
    let [holder, key] = [state, pick(Object.keys(state))];
    while (holder[key] && typeof holder[key] === "object" && Object.keys(holder[key]).length > 0 && chance(0.93)) {
      holder = holder[key];
      key = pick(Object.keys(holder));
    }
    const value = holder[key];
    if (chance(0.1)) delete holder[key];
    else if (Array.isArray(holder) && chance(0.3)) holder.push(...holder.slice(0, 1 + below(3)));
    else if (typeof value === "number")
      holder[key] = pick([0, 1, value + 1, value - 1, -1, 2 ** 31, 2 ** 32, 2 ** 53, 8.64e15, 1e19, 1e300, below(100)]);
    else if (typeof value === "string" && chance(0.5))
      holder[key] = pick(["", "x", value + value, value.slice(1), "Completed", "Queued", "+14155550100"]);
    else holder[key] = odd();
  }
  return JSON.stringify(state);
}

/** Takes the state over, if it can be understood, and lives with it. @param {string} text @param {Chooser} chooser */
function inMemory(text, { pick, chance }) {
  const world = createWorld(1);
  const { engine } = world;
  const before = engine.snapshot();
  try {
    engine.restore(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (engine.snapshot() !== before) throw new Error("what was refused has changed something");
    engine.free();
    return;
  }
  for (let round = 0; round < 5; round++) {
    for (const view of VIEWS) {
      if (world.ask("GET", view).status >= 500) throw new Error(`${view} cannot be read`);
    }
    world.ask("POST", "/__sandbox/inbound/call", "{}");
    world.ask("POST", "/__sandbox/inbound/message", '{"body":"Hi"}');
    for (const output of engine.takeOutbox())
      if (output.kind === "send" && chance(0.5)) engine.sentFailed(output.id, "refused", world.now());
    world.pass(pick([1000, 60_000, 86_400_000]));
    engine.advance(world.now());
  }
  for (const { id } of world.json("GET", "/v1/calls?limit=5").data) {
    for (const part of ["", "/transcript", "/recording"])
      world.ask("GET", `/v1/calls/${id}${part}`, undefined, "authorization: Bearer sk_test\nrange: bytes=0-99\n");
  }
  engine.restore(engine.snapshot());
  engine.free();
}

/** The same from a file. @param {string} text @param {string} stateFile */
async function throughServer(text, stateFile) {
  writeFileSync(stateFile, text);
  const bytes = readFileSync(stateFile);
  const server = await serveSandbox({ stateFile });
  try {
    const health = await fetch(`${server.url}/__sandbox/health`);
    if (health.status !== 200) throw new Error(`health ${health.status}`);
    if (server.damagedState !== undefined && !readFileSync(server.damagedState).equals(bytes))
      throw new Error("what was put aside is not what was there");
    const created = await fetch(`${server.url}/v1/contacts`, {
      method: "POST",
      headers: { authorization: "Bearer sk_1", "content-type": "application/json" },
      body: '{"phoneNumber":"+14155550142","name":"A"}',
    });
    if (created.status >= 500) throw new Error(`a request ends in ${created.status}`);
  } finally {
    await server.close();
  }
  const left = readdirSync(join(stateFile, "..")).filter((file) => /\.(new|lock)/.test(file));
  if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
}
