// What each runtime that has AsyncLocalStorage does with calls of different callers that are made at once: nothing
// of one caller may reach another. One text for all runtimes.

/** @import { Foreign } from "../../support/foreign.js" */

const holds = (/** @type {boolean} */ truth, /** @type {string} */ what) => {
  if (!truth) throw new Error(`contexts: ${what}`);
};

/** Throws, or gives "apart". */
export const contexts = async (/** @type {Foreign} */ { AgentPhone, AsyncLocalStorage }) => {
  const storage = new AsyncLocalStorage();
  const wrong = new Set();
  const ran = new Set();
  const see = (/** @type {string} */ what, /** @type {string} */ tenant) => {
    ran.add(what);
    if (storage.getStore() !== tenant) wrong.add(`${what} of ${tenant} ran as ${storage.getStore()}`);
  };
  const json = (/** @type {unknown} */ body, status = 200, headers = {}) =>
    new Response(JSON.stringify(body), { status, headers });
  const turn = 'event: turn\ndata: {"role":"user","content":"hi"}\n\n';
  const counts = new Map();
  let limited = false;
  const client = new AgentPhone({
    logLevel: "off",
    maxRetryDelay: 500,
    apiKey: async () => `sk_${storage.getStore()}`,
    fetch: async (/** @type {string} */ url, /** @type {Foreign} */ init) => {
      const [, tenant] = /(?:search=|calls\/)(t\d+)/.exec(url) ?? [];
      see("fetch", tenant);
      if (init.headers.authorization !== `Bearer sk_${tenant}`)
        wrong.add(`${tenant} left with ${init.headers.authorization}`);
      const nth = (counts.get(tenant) ?? 0) + 1;
      counts.set(tenant, nth);
      if (url.includes("/stream"))
        return new Response(nth % 2 ? turn : `${turn}event: ended\ndata: {}\n\n`, {
          headers: { "content-type": "text/event-stream" },
        });
      if (nth === 1) return json({}, 503);
      if (!limited) {
        limited = true;
        return json({}, 429, { "retry-after-ms": "50" });
      }
      return json({ data: [{ id: `${tenant}-${nth}` }], total: 9, hasMore: nth < 6 });
    },
  });
  const hooks = (/** @type {string} */ tenant) =>
    Object.fromEntries(
      ["onRequest", "onResponse", "onRetry", "onError"].map((name) => [name, () => see(name, tenant)]),
    );
  const tenants = Array.from({ length: 100 }, (_, number) => `t${number}`);
  const each = (/** @type {Foreign} */ work) =>
    Promise.all(tenants.map((tenant) => storage.run(tenant, () => work(tenant))));
  const shared = new AbortController();
  await each(async (/** @type {string} */ tenant) => {
    for await (const { id } of client.contacts.list({ search: tenant, limit: 1 }, { hooks: hooks(tenant) })) {
      see("page", tenant);
      holds(id.startsWith(`${tenant}-`), `${tenant} was given ${id}`);
    }
    for await (const _ of client.calls.transcript.stream(tenant, { hooks: hooks(tenant) })) see("event", tenant);
    await client.calls.get("", { hooks: hooks(tenant) }).catch(() => see("catch", tenant));
  });
  const waiting = new AgentPhone({
    apiKey: "sk",
    logLevel: "off",
    fetch: (/** @type {Foreign} */ _, /** @type {Foreign} */ { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const aborted = each((/** @type {string} */ tenant) =>
    waiting.calls.get(tenant, { signal: shared.signal, hooks: hooks(tenant) }).catch(() => see("abort", tenant)),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  storage.run("somebody else", () => shared.abort());
  await aborted;
  holds(wrong.size === 0, [...wrong].slice(0, 5).join("; "));
  for (const what of ["fetch", "onRequest", "onResponse", "onRetry", "onError", "page", "event", "catch", "abort"])
    holds(ran.has(what), `${what} never ran`);
  return "apart";
};
