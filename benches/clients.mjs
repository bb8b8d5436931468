// The compared clients behind one interface: a handwritten `fetch` call, this package, the official SDK. Each is
// imported only when it is opened, so that a process that measures one contains none of the others. Methods return
// the client's own promise, because a wrapper would be measured too.
//
// Options are those of this package: baseUrl, fetch, timeout (ms), maxRetries; of a request: signal.

/** @import { Foreign } from "../tests/support/foreign.js" */

/** @typedef {{ baseUrl: string, fetch?: typeof fetch, timeout?: number, maxRetries?: number, dangerouslyAllowBrowser?: boolean }} Options */

/** Names in the order in which they are printed. */
export const clientNames = ["raw", "ours", "official"];

/** Comparisons of request cost have a fourth: `fetch` with a time limit, which both clients set by default. */
export const costNames = ["raw", "limited", "ours", "official"];

/** Names in tables. @type {Record<string, string>} */
export const titles = {
  raw: "raw fetch",
  limited: "raw, with a time limit",
  ours: "agentphone-wasm",
  official: "agentphone 1.0.17",
};

export const apiKey = "sk_test_benchmark";

/** The minimum that a careful user writes by hand: headers, status, JSON, a time limit. */
const openRaw = async (/** @type {Options} */ { baseUrl, fetch: given, timeout }) => {
  const headers = {
    accept: "application/json",
    "user-agent": "raw",
    authorization: `Bearer ${apiKey}`,
  };
  const withBody = { ...headers, "content-type": "application/json" };
  const send = async (/** @type {string} */ path, /** @type {RequestInit} */ init, /** @type {Foreign} */ options) => {
    const signals = [options?.signal, timeout && AbortSignal.timeout(timeout)].filter((one) => one);
    if (signals.length > 0) init.signal = AbortSignal.any(signals);
    const response = await (given ?? fetch)(baseUrl + path, init);
    const text = await response.text();
    if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status, text });
    return JSON.parse(text);
  };
  const get = (/** @type {string} */ path, /** @type {import("agentphone-wasm").RequestOptions} */ options) =>
    send(path, { method: "GET", headers: { ...headers } }, options);
  return {
    listAgents: (/** @type {import("agentphone-wasm").RequestOptions} */ options) => get("/v1/agents", options),
    getAgent: (/** @type {string} */ id, /** @type {import("agentphone-wasm").RequestOptions} */ options) =>
      get(`/v1/agents/${encodeURIComponent(id)}`, options),
    listCalls: (
      /** @type {import("agentphone-wasm").RequestOptions} */ options,
      /** @type {Record<string, string> | undefined} */ query,
    ) => get(query ? `/v1/calls?${new URLSearchParams(query)}` : "/v1/calls", options),
    createCall: (/** @type {unknown} */ body, /** @type {import("agentphone-wasm").RequestOptions} */ options) =>
      send("/v1/calls", { method: "POST", headers: { ...withBody }, body: JSON.stringify(body) }, options),
    updateAgent: (/** @type {string} */ id, /** @type {unknown} */ body) =>
      send(
        `/v1/agents/${encodeURIComponent(id)}`,
        { method: "PATCH", headers: { ...withBody }, body: JSON.stringify(body) },
        undefined,
      ),
  };
};

const openOurs = async (/** @type {Options} */ options) => {
  const { AgentPhone } = await import("agentphone-wasm");
  // Quiet, as the official SDK is by default: log lines would disrupt the tables.
  const client = new AgentPhone({ apiKey, logLevel: "off", ...options });
  return {
    listAgents: (/** @type {import("agentphone-wasm").RequestOptions} */ request) =>
      client.agents.list(undefined, request),
    getAgent: (/** @type {string} */ id, /** @type {import("agentphone-wasm").RequestOptions} */ request) =>
      client.agents.get(id, request),
    listCalls: (
      /** @type {import("agentphone-wasm").RequestOptions} */ request,
      /** @type {import("agentphone-wasm").CallsQuery | undefined} */ query,
    ) => client.calls.list(query, request),
    createCall: (
      /** @type {import("agentphone-wasm").CreateCallRequest} */ body,
      /** @type {import("agentphone-wasm").RequestOptions} */ request,
    ) => client.calls.create(body, request),
    updateAgent: (/** @type {string} */ id, /** @type {import("agentphone-wasm").UpdateAgentRequest} */ body) =>
      client.agents.update(id, body),
  };
};

const openOfficial = async (/** @type {Options} */ { timeout, ...options }) => {
  const { AgentPhoneClient } = await import("agentphone");
  const seconds = timeout === undefined ? {} : { timeoutInSeconds: timeout / 1000 };
  const client = new AgentPhoneClient({ token: apiKey, ...options, ...seconds });
  const translated = (/** @type {import("agentphone-wasm").RequestOptions} */ request) =>
    request?.signal ? { abortSignal: request.signal } : undefined;
  return {
    listAgents: (/** @type {import("agentphone-wasm").RequestOptions} */ request) =>
      client.agents.listAgents({}, translated(request)),
    getAgent: (/** @type {string} */ id, /** @type {import("agentphone-wasm").RequestOptions} */ request) =>
      client.agents.getAgent({ agent_id: id }, translated(request)),
    listCalls: (
      /** @type {import("agentphone-wasm").RequestOptions} */ request,
      /** @type {Record<string, string> | undefined} */ query,
    ) => client.calls.listCalls(query ?? {}, translated(request)),
    createCall: (/** @type {Foreign} */ body, /** @type {import("agentphone-wasm").RequestOptions} */ request) =>
      client.calls.createOutboundCall(body, translated(request)),
    updateAgent: (/** @type {string} */ id, /** @type {Foreign} */ body) =>
      client.agents.updateAgent({ agent_id: id, ...body }),
  };
};

/** @type {Record<string, Foreign>} */
const OPENERS = {
  raw: openRaw,
  limited: (/** @type {Options} */ options) => openRaw({ timeout: 60_000, ...options }),
  ours: openOurs,
  official: openOfficial,
};

/** Opens a client by name. */
export const open = (/** @type {string} */ name, /** @type {Options} */ options) => OPENERS[name](options);
