// @ts-check
// The ledger of idempotency keys, for the page: what is in doubt outlives the page's origin, which is new in each run,
// and is the same for the console and for the command line.

/** @typedef {import("agentphone-wasm").Ledger} Ledger */
/** @typedef {Parameters<Ledger["write"]>[0][number]} Change */
/** @typedef {Parameters<Ledger["open"]>[0]} Page */

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value.length > 0 && value.length <= 512;
const isTime = (/** @type {unknown} */ value) => typeof value === "number" && Number.isFinite(value);
const isLimit = (/** @type {unknown} */ value) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000;

/** @param {any} entry */
const isEntry = (entry) =>
  entry === null || (isText(entry?.stamp) && typeof entry.open === "boolean" && isTime(entry.at) && "value" in entry);

/** @param {any} change */
const isChange = (change) =>
  isText(change?.key) && (change.was === null || isText(change.was)) && isEntry(change.entry);

/**
 * Performs one method of the ledger; undefined for a request that the client does not make.
 * @param {Ledger} ledger @param {any} asked
 * @returns {Promise<unknown> | undefined}
 */
function perform(ledger, asked) {
  const { method, keys, changes, limit, after } = asked ?? {};
  if (method === "read" && Array.isArray(keys) && keys.every(isText))
    return ledger.read(keys).then((entries) => entries.map((entry) => entry ?? null));
  if (method === "write" && Array.isArray(changes) && changes.every(isChange)) return ledger.write(changes);
  if (method === "open" && isLimit(limit) && (after === undefined || (isTime(after?.at) && isText(after?.key))))
    return ledger.open({ limit, ...(after && { after: { at: after.at, key: after.key } }) });
  return undefined;
}

/** @param {number} status @param {string} detail */
const problem = (status, detail) => Response.json({ detail }, { status });

/** Answers the page's requests to a ledger. Settled keys are not pruned from here: the command line needs them too. @param {Ledger} ledger @returns {import("../../sandbox/js/types.js").Mount} */
export const ledgerMount = (ledger) => ({
  path: "/__sandbox/ledger",
  async fetch(request) {
    if (request.method !== "POST") return problem(405, "Only POST is answered here.");
    const asked = await request.json().catch(() => undefined);
    const performed = perform(ledger, asked);
    if (performed === undefined) return problem(400, "This is not a request to a ledger.");
    try {
      return Response.json({ result: await performed });
    } catch {
      // What a store says of its failure may quote a path or an entry.
      return problem(503, "The ledger is unavailable.");
    }
  },
});
