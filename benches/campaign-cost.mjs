// What a campaign costs: runs one with texts over a stub transport, and prints the CPU time of this process in milliseconds a person
// and its most memory in MiB. For comparison, the same texts sent with a key by hand.
//
//   node benches/campaign-cost.mjs '{"address": "postgres://…", "people": 3000, "byHand": 1000}'

import { AgentPhone } from "agentphone-wasm";
import { openStore, planCampaign, runWorker, start, statusOf } from "agentphone-wasm-cli/campaign";
import { ledgerTools } from "../tests/ledger/tools.mjs";
import { apiKey } from "./clients.mjs";

const { address, people, byHand = 0 } = JSON.parse(process.argv[2] ?? "{}");
// better-sqlite3 is looked for from there.
process.chdir(ledgerTools());

const AGENT = "agt_00000000000000000001";
const NUMBER = { id: "num_00000000000000000001", phoneNumber: "+14155550101", type: "sms", status: "active" };
let made = 0;
/** @type {typeof fetch} */
const transport = async (url, init) => {
  const { pathname } = new URL(String(url));
  if (init?.method === "POST") {
    made += 1;
    return Response.json({ id: `msg_${made}`, status: "queued", channel: "sms", from_number: NUMBER.phoneNumber });
  }
  return Response.json(pathname.includes("/numbers/") ? NUMBER : { id: AGENT, name: "Ada", numbers: [NUMBER] });
};

const store = await openStore(address);
const client = new AgentPhone({ apiKey, fetch: transport, logLevel: "off", ledger: store.ledger });
/** Different numbers of the North American plan. @param {number} at */
const numberAt = (at) =>
  `+1${415 + Math.floor(at / 7_000_000)}${200 + (Math.floor(at / 10_000) % 700)}${`${at % 10_000}`.padStart(4, "0")}`;
const rows = function* () {
  for (let at = 0; at < people; at += 1) yield { phone: numberAt(at), name: `Person ${at}` };
};

/** CPU time of this process, in milliseconds a person. @param {number} count @param {() => Promise<unknown>} work */
const cost = async (count, work) => {
  const [before, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000 / count, wall: (performance.now() - began) / count };
};

let most = 0;
const watching = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 100);

const hand = async (/** @type {number} */ from, /** @type {number} */ count) => {
  let at = from;
  const sender = async () => {
    while (at < from + count) {
      const key = `by-hand-${(at += 1)}`;
      await client.messages.send(
        { agent_id: AGENT, to_number: numberAt(at), body: `Hello Person ${at}` },
        { idempotencyKey: key, maxRetries: 0, settle: { within: 0 } },
      );
    }
  };
  await Promise.all(Array.from({ length: 20 }, sender));
};
/** V8 needs thousands of calls to optimize the client. */
if (byHand > 0) await hand(0, 2_000);
const sent = byHand > 0 ? await cost(byHand, () => hand(1_000_000, byHand)) : undefined;
const plan = {
  store,
  client,
  kind: /** @type {const} */ ("text"),
  agentId: AGENT,
  body: "Hello {{name}}",
  quietHours: null,
};
const limits = { perMinute: 60_000 };
const planned = await cost(people, () => planCampaign({ ...plan, ...limits, id: "cost", people: rows() }));
await start(store, "cost");
const ran = await cost(people, () => runWorker("cost", { store, client }));
const campaign = await store.get("cost");
if (campaign === undefined) throw new Error("no campaign");
const { counts } = await statusOf(store, campaign);
if (counts.sent !== people) throw new Error(`${counts.sent} of ${people} were sent`);
clearInterval(watching);
await store.close();
process.stdout.write(`${JSON.stringify({ planned, ran, sent, most: most / 2 ** 20 })}\n`);
