// The requests whose cost is measured, with their responses. Each case checks its results outside the measured
// time: a client that fails fast would otherwise look quick.

/** @import { Foreign } from "../tests/support/foreign.js" */

/** Not `node:assert`, because the cases also run in a page. */
const equal = (/** @type {unknown} */ found, /** @type {unknown} */ wanted) => {
  if (found !== wanted) throw new Error(`a wrong outcome: ${found} and not ${wanted}`);
};

const agent = (/** @type {number} */ index) => ({
  id: `agt_${String(index).padStart(20, "0")}`,
  name: `Support ${index}`,
  description: "Answers questions about orders, deliveries and returns.",
  voiceMode: "hosted",
  modelTier: "balanced",
  voice: "custom_voice_ea22ba5fdfaa18f39c274851c1",
  systemPrompt: "You are a friendly agent of an online shop. Keep answers short.",
  beginMessage: "Hello, how can I help?",
  language: "en-US",
  createdAt: "2026-11-22T12:00:00Z",
  updatedAt: "2026-11-22T12:00:00Z",
});

const agents = (/** @type {number} */ count) => ({
  data: Array.from({ length: count }, (_, index) => agent(index)),
  total: count,
});

const call = {
  id: "call_00000000000000000001",
  agentId: "agt_00000000000000000001",
  fromNumber: "+14155550101",
  toNumber: "+14155550100",
  direction: "outbound",
  status: "queued",
  startedAt: "2026-11-22T12:00:00Z",
};

const tooPoor = {
  error: {
    message: "Your balance is too low to complete this action.",
    code: "INSUFFICIENT_BALANCE",
    type: "billing_error",
    details: [],
  },
};

const createCall = (/** @type {Foreign} */ client) =>
  client.createCall({ agentId: call.agentId, toNumber: call.toNumber });

/** Enough agents for about a megabyte of JSON. */
const megabyte = agents(Math.round(1_000_000 / (JSON.stringify(agent(0)).length + 1)));

/**
 * Requests per round: one after another, and in concurrent batches. The warm-up is as long in a quick run, because V8
 * needs thousands of requests to optimize a module well. Over a socket a request takes much longer, so there are fewer.
 */
const small = {
  full: { sequential: 2000, batches: 2, warmUp: 6000 },
  quick: { sequential: 1000, batches: 1, warmUp: 6000 },
  loopback: { sequential: 300, batches: 1, warmUp: 1500 },
  batch: 1000,
};
/** A thousand megabyte responses would measure the machine's memory, not a client. */
const large = {
  full: { sequential: 20, batches: 1, warmUp: 20 },
  quick: { sequential: 10, batches: 1, warmUp: 20 },
  loopback: { sequential: 10, batches: 1, warmUp: 10 },
  batch: 20,
};

/** @type {Record<string, Foreign>} */
export const cases = {
  list: {
    title: "list of 20 agents (GET)",
    status: 200,
    answer: JSON.stringify(agents(20)),
    send: (/** @type {Foreign} */ client) => client.listAgents(),
    check: (/** @type {Foreign} */ result) => equal(result.data.length, 20),
    load: small,
  },
  create: {
    title: "create a call (POST)",
    status: 200,
    answer: JSON.stringify(call),
    send: createCall,
    check: (/** @type {{ id: string }} */ result) => equal(result.id, call.id),
    load: small,
  },
  error: {
    title: "402 with an error envelope (POST)",
    status: 402,
    answer: JSON.stringify(tooPoor),
    send: createCall,
    fails: true,
    check: (/** @type {Foreign} */ error) => equal(error.status ?? error.statusCode, 402),
    load: small,
  },
  large: {
    title: "1 MB of JSON (GET)",
    status: 200,
    answer: JSON.stringify(megabyte),
    send: (/** @type {Foreign} */ client) => client.listAgents(),
    check: (/** @type {Foreign} */ result) => equal(result.data.length, megabyte.data.length),
    load: large,
  },
};
