// The ordinary kinds of requests, with what a stub responds: a list, a list with a query, one object by its id, one that is made,
// and one that is changed by its id.

import { cases } from "./cpu-cases.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const ID = "agt_00000000000000000001";
const AGENT = JSON.stringify({ ...JSON.parse(cases.list.answer).data[1], id: ID });
const QUERY = { status: "completed", direction: "outbound", search: "+14155550100" };
const CALLS = JSON.stringify({
  data: Array.from({ length: 20 }, () => JSON.parse(cases.create.answer)),
  total: 20,
});

const listed = (/** @type {Foreign} */ result) => {
  if (result.data.length !== 20) throw new Error("a wrong list");
};
const found = (/** @type {Foreign} */ result) => {
  if (result.id !== ID) throw new Error("a wrong agent");
};

/** A `?` at the end of a path stands for any query. @type {Record<string, Foreign>} */
export const mixed = {
  list: {
    title: "list of 20 agents",
    method: "GET",
    path: "/v1/agents",
    answer: cases.list.answer,
    send: (/** @type {Foreign} */ client) => client.listAgents(),
    check: listed,
  },
  query: {
    title: "list of 20 calls with a query",
    method: "GET",
    path: "/v1/calls?",
    answer: CALLS,
    send: (/** @type {Foreign} */ client) => client.listCalls(undefined, QUERY),
    check: listed,
  },
  get: {
    title: "get an agent by its id",
    method: "GET",
    path: `/v1/agents/${ID}`,
    answer: AGENT,
    send: (/** @type {Foreign} */ client) => client.getAgent(ID),
    check: found,
  },
  create: {
    title: "create a call",
    method: "POST",
    path: "/v1/calls",
    answer: cases.create.answer,
    send: cases.create.send,
    check: cases.create.check,
  },
  update: {
    title: "update an agent by its id",
    method: "PATCH",
    path: `/v1/agents/${ID}`,
    answer: AGENT,
    send: (/** @type {Foreign} */ client) =>
      client.updateAgent(ID, { name: "Support 1", systemPrompt: "Keep answers short.", voiceSpeed: 1.1 }),
    check: found,
  },
};
