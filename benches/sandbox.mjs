// The sandbox: as a server compared with Prism, in memory with the client, as its store grows, with a thousand
// live streams, and at start-up.

import { number, ranged, times } from "./report.mjs";
import { measureHttp, startSandbox } from "./sandbox-http.mjs";
import { measureCall, measureCurve } from "./sandbox-memory.mjs";
import { measureStart } from "./sandbox-start.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const STREAMS = 1000;
/** @type {Record<string, Foreign>} */
const SERVERS = {
  sandbox: "the sandbox, 10 000 agents stored",
  prism: "Prism 5.14.2, nothing stored",
  wrk: "the sandbox, asked by wrk",
};
const HEADERS = { authorization: "Bearer sk_bench", "content-type": "application/json" };

/** A thousand concurrent calls, each with a live transcript stream that is read to its end. */
const measureStreams = async () => {
  const sandbox = await startSandbox(0, { speed: 10, balanceCents: 1_000_000_000 });
  const post = async (/** @type {string} */ path, /** @type {unknown} */ body) =>
    (await fetch(sandbox.url + path, { method: "POST", headers: HEADERS, body: JSON.stringify(body) })).json();
  try {
    const agent = await post("/v1/agents", { name: "Bench", voiceMode: "hosted", systemPrompt: "Be brief." });
    await post("/v1/numbers", { agentId: agent.id });
    let open = 0;
    let most = 0;
    const follow = async () => {
      const call = await post("/v1/calls", { agentId: agent.id, toNumber: "+15005550005" });
      const answer = await fetch(`${sandbox.url}/v1/calls/${call.id}/transcript/stream`, { headers: HEADERS });
      most = Math.max(most, ++open);
      let text = "";
      let hungUp = false;
      const decoder = new TextDecoder();
      for await (const piece of answer.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        // No call is ended before all are in progress, so that this many are measured at once.
        if (most === STREAMS && !hungUp) {
          hungUp = true;
          await post(`/v1/calls/${call.id}/end`, {});
        }
      }
      open -= 1;
      return (text.match(/^event: /gm) ?? []).length;
    };
    const began = performance.now();
    const events = await Promise.all(Array.from({ length: STREAMS }, follow));
    const seconds = (performance.now() - began) / 1000;
    return { most, events: events.reduce((sum, one) => sum + one, 0), seconds };
  } finally {
    sandbox.stop();
  }
};

export const measure = async (/** @type {import("agentphone-wasm").RequestOptions} */ options) => ({
  http: await measureHttp(options),
  call: await measureCall(options),
  curve: await measureCurve(options),
  streams: await measureStreams(),
  start: await measureStart(options),
});

export const tables = (/** @type {Foreign} */ { http, call, curve, streams, start }) => [
  {
    title: "Sandbox over HTTP: GET /v1/agents?limit=20, 64 connections",
    head: ["server", "requests/s", "requests/s a core", "p50 ms", "p99 ms", "bytes an answer"],
    rows: Object.entries(http).map(([name, { perSecond, perCore, p50, p99, bytes }]) => [
      SERVERS[name],
      number(perSecond, 0),
      number(perCore, 0),
      number(p50, 0),
      number(p99, 0),
      number(bytes, 0),
    ]),
    notes: [
      `A core of the sandbox answers ${times(http.sandbox.perCore, http.prism.perCore)} as many. CPU is that of the server's process.`,
    ],
  },
  {
    title: "Sandbox in memory: calls.create, µs of CPU",
    head: ["what", "µs"],
    rows: Object.entries(call).map(([name, cpu]) => [name, number(cpu)]),
  },
  {
    title: "Sandbox as its store grows: µs of CPU in the engine",
    head: ["agents stored", "list, first 20", "list, 20 in the middle", "get", "create", "process, MB"],
    rows: curve.map((/** @type {Record<string, number>} */ row) => [
      number(row.size, 0),
      number(row.list),
      number(row.deep),
      number(row.get),
      number(row.create),
      number(row.megabytes, 0),
    ]),
  },
  {
    title: "Sandbox: live streams, and its start",
    head: ["what", "figure"],
    rows: [
      ["transcript streams open at once", number(streams.most, 0)],
      ["events that they brought", number(streams.events, 0)],
      ["seconds for all of it", number(streams.seconds)],
      ["start of the command until it listens, ms", ranged(start.listens, 0)],
      ["until its first answer, ms", ranged(start.answered, 0)],
      ["a Node process that does nothing, from start to end, ms", ranged(start.empty, 0)],
    ],
  },
];
