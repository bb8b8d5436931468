// The server of the fault table: real HTTP on the loopback interface, in its own process, so that it does not slow
// the measured clients down. Forked by faults.mjs, and exits with it.
//
// The first two segments of a path name the fault and the client (`/outage/ours/v1/calls`). Each pair has its own
// counters, which the parent requests by sending its name.

import { createServer } from "node:http";
import { badSuccesses, documentedErrors } from "./fault-answers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** A client's request: `body` is what it sent, `last` the last path segment. @typedef {{ response: import("node:http").ServerResponse, body: Foreign, last: string }} Exchange */
/** What the server has seen of one client. @typedef {{ requests: number, placed: Record<string, number>, accepted: number[], lostFirst: number, calls: Foreign[] }} State */

const json = (
  /** @type {import("node:http").ServerResponse} */ response,
  /** @type {number} */ status,
  /** @type {unknown} */ value,
  headers = {},
) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof value === "string" ? value : JSON.stringify(value));
};

const refuse = (
  /** @type {import("node:http").ServerResponse} */ response,
  /** @type {number} */ status,
  /** @type {string} */ code,
  headers = {},
) => json(response, status, { error: { message: code, code, type: "server_error", details: [] } }, headers);

const emptyList = { data: [], hasMore: false, total: 0 };

/**
 * Sends the headers and half of the body, then passes the socket on.
 * @param {import("node:http").ServerResponse} response @param {object} value @param {(socket: import("node:net").Socket | null) => void} [then]
 */
const half = (response, value, then) => {
  const text = JSON.stringify(value);
  response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
  response.write(text.slice(0, text.length >> 1), () => then?.(response.socket));
};

/** A number from 0 to 11 for a request, the same in every run and for every client. */
const fate = (/** @type {string} */ number, /** @type {number} */ ordinal) => {
  const mixed = Math.imul(Number(number.slice(-7)) + ordinal * 7919, 2654435761) >>> 0;
  return Math.floor((mixed / 2 ** 32) * 12);
};

/** Records a call as placed and returns the API's response. */
const place = (
  /** @type {State} */ state,
  /** @type {{ agentId: string, toNumber: string }} */ { agentId, toNumber },
) => {
  state.placed[toNumber] = (state.placed[toNumber] ?? 0) + 1;
  const id = `call_${toNumber.slice(1)}_${state.placed[toNumber]}`;
  return { id, agentId, toNumber, fromNumber: "+14155550199", status: "queued", direction: "outbound" };
};

/** The placed calls, newest first, as the API lists them, or one of them. */
const showCalls = (/** @type {Exchange} */ { response, last }, /** @type {State} */ { calls }) => {
  if (last === "calls") return json(response, 200, { data: calls, hasMore: false, total: calls.length });
  const found = calls.find(({ id }) => id === last);
  if (found === undefined) return refuse(response, 404, "CALL_NOT_FOUND");
  json(response, 200, found);
};

const list = (/** @type {State} */ state, /** @type {object} */ call) =>
  state.calls.unshift({ ...call, startedAt: new Date().toISOString() });

/** Three of four first responses are lost. */
const losesFirst = (/** @type {string} */ number, /** @type {State} */ state) =>
  state.placed[number] === 1 && Number(number.slice(-4)) % 4 !== 3;

/** The ways a response gets lost after the call has been placed. @type {((exchange: Exchange, call: object) => void)[]} */
const losses = [
  (/** @type {Exchange} */ { response }) => response.socket?.destroy(),
  (/** @type {Exchange} */ { response }) => refuse(response, 500, "INTERNAL_SERVER_ERROR"),
  (/** @type {Exchange} */ { response }) => refuse(response, 504, "GATEWAY_TIMEOUT"),
  (/** @type {Exchange} */ { response }, /** @type {object} */ call) =>
    half(response, call, (socket) => setTimeout(() => socket?.destroy(), 20)),
];

/** The faults by name. Each gets the request and the counters of its client. @type {Record<string, (exchange: Exchange, state: State) => unknown>} */
const faults = {
  /** Places each call; four of twelve responses are lost, in one of four ways. */
  "lost-answers": (/** @type {Exchange} */ exchange, /** @type {State} */ state) => {
    const call = place(state, exchange.body);
    const drawn = fate(call.toNumber, state.placed[call.toNumber]);
    if (drawn >= losses.length) return json(exchange.response, 200, call);
    if (state.placed[call.toNumber] === 1) state.lostFirst += 1;
    losses[drawn](exchange, call);
  },
  /** Places each call, loses three of four first responses, and lists what was placed. */
  "most-answers": (/** @type {Exchange} */ exchange, /** @type {State} */ state) => {
    if (exchange.body === undefined) return showCalls(exchange, state);
    const call = place(state, exchange.body);
    list(state, call);
    if (!losesFirst(call.toNumber, state)) return json(exchange.response, 200, call);
    state.lostFirst += 1;
    losses[state.lostFirst % losses.length](exchange, call);
  },
  /** The same, while another client calls the same people: after the call, or where it was never placed. */
  "most-answers-and-others": (/** @type {Exchange} */ exchange, /** @type {State} */ state) => {
    if (exchange.body === undefined) return showCalls(exchange, state);
    const call = place(state, exchange.body);
    const lost = losesFirst(call.toNumber, state);
    const never = lost && Number(call.toNumber.slice(-4)) % 2 === 1;
    if (never) state.placed[call.toNumber] -= 1;
    else list(state, call);
    if (!lost) return json(exchange.response, 200, call);
    state.lostFirst += 1;
    setTimeout(() => list(state, { ...call, id: `${call.id}_of_another` }), 200);
    losses[state.lostFirst % losses.length](exchange, call);
  },
  outage: (/** @type {Exchange} */ { response }) => refuse(response, 503, "SERVICE_UNAVAILABLE"),
  /** Accepts 20 calls in any span of one second. */
  "rate-limit": (/** @type {Exchange} */ { response, body }, /** @type {State} */ state) => {
    const now = performance.now();
    while (state.accepted.length > 0 && state.accepted[0] <= now - 1000) state.accepted.shift();
    if (state.accepted.length >= 20) return refuse(response, 429, "RATE_LIMIT_EXCEEDED", { "retry-after": "1" });
    state.accepted.push(now);
    json(response, 200, place(state, body));
  },
  stall: (/** @type {Exchange} */ { response }) => half(response, emptyList),
  "retry-after": (/** @type {Exchange} */ { response }) =>
    refuse(response, 429, "RATE_LIMIT_EXCEEDED", { "retry-after": "3" }),
  /** Cuts the first connection after it has received the request. */
  "cut-once": (/** @type {Exchange} */ { response }, /** @type {State} */ state) => {
    if (state.requests === 1) response.socket?.destroy();
    else json(response, 200, emptyList);
  },
  errors: (/** @type {Exchange} */ { response, last }) => {
    const { status, body, headers } = documentedErrors[Number(last.split("_")[1])];
    json(response, status, body, headers);
  },
  "bad-success": (/** @type {Exchange} */ { response, last }) => {
    const { type, text } = badSuccesses[last];
    json(response, 200, text, { "content-type": type });
  },
};

/** @type {Map<string, State>} */
const states = new Map();
const stateOf = (/** @type {string} */ run) => {
  const state = states.get(run) ?? { requests: 0, placed: {}, accepted: [], lostFirst: 0, calls: [] };
  states.set(run, state);
  return state;
};

const server = createServer(async (request, response) => {
  const segments = new URL(request.url ?? "", "http://localhost").pathname.split("/").slice(1);
  const [fault, client] = segments;
  let text = "";
  try {
    for await (const piece of request) text += piece;
  } catch {
    return; // The client disconnected before its request was complete.
  }
  const state = stateOf(`${fault}/${client}`);
  state.requests += 1;
  const body = text === "" ? undefined : JSON.parse(text);
  faults[fault]({ response, body, last: segments.at(-1) ?? "" }, state);
});
// A closed idle connection would look like another fault.
server.keepAliveTimeout = 120_000;
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () =>
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port }),
);

process.on("message", (/** @type {string} */ run) => {
  const { requests, placed, lostFirst } = stateOf(run);
  process.send?.({ requests, placed, lostFirst });
});
process.on("disconnect", () => process.exit());
