// Runs one client in its own process (workers.mjs), which makes all the ordinary requests in turns over a stub, as a program does that
// uses the whole API: no path through the client stays alone in V8's caches.

import { open } from "./clients.mjs";
import { mixed } from "./mixed-cases.mjs";

/** Requests per sample, and of each kind before the first one, in turns. */
const [COUNT, WARM_UP, TURN] = [1_000, 6_000, 100];

const [name = ""] = process.argv.slice(2);
const responses = new Map(Object.values(mixed).map(({ method, path, answer }) => [`${method} ${path}`, answer]));

/** @type {typeof fetch} */
const transport = async (url, init) => {
  const { pathname, search } = new URL(String(url));
  const answer = responses.get(`${init?.method ?? "GET"} ${pathname}${search === "" ? "" : "?"}`);
  if (answer === undefined) throw new Error(`${name} has sent something else: ${init?.method} ${pathname}`);
  return new Response(answer, { headers: { "content-type": "application/json" } });
};

const client = await open(name, { baseUrl: "https://api.agentphone.ai", fetch: transport });

/** Requests of one kind, one after another; what the last returns is checked. @param {string} kind @param {number} count */
const make = async (kind, count) => {
  const { send, check } = mixed[kind] ?? {};
  let last;
  for (let at = 0; at < count; at += 1) last = await send(client);
  check(last);
};

for (let made = 0; made < WARM_UP; made += TURN) for (const kind of Object.keys(mixed)) await make(kind, TURN);
process.on("message", async (/** @type {string} */ kind) => {
  const before = process.cpuUsage();
  await make(kind, COUNT);
  const { user, system } = process.cpuUsage(before);
  // Between samples some requests of the other kinds, so that the process goes on mixing them.
  for (const other of Object.keys(mixed)) await make(other, TURN);
  process.send?.({ cpu: (user + system) / COUNT });
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
