// The console's measurements that run in their own page: a table of calls drawn from scratch, and transcripts that
// are interrupted again and again.

import { AgentPhone, type CallSummary } from "agentphone-wasm";
import { createSandbox } from "agentphone-wasm/sandbox";
import { render } from "preact";
import { type Column, Table } from "../www/src/ui/table.js";
import { Status, When } from "../www/src/ui/values.js";
import { Length } from "../www/src/views/calls/length.js";
import { Who } from "../www/src/views/calls/who.js";

const COLUMNS: readonly Column<CallSummary>[] = [
  { title: "Who", cell: (call) => <Who call={call} /> },
  { title: "Agent", cell: ({ agentName }) => agentName },
  { title: "Status", cell: ({ status }) => <Status value={status} /> },
  { title: "Last words", cell: ({ lastTranscriptSnippet: said }) => said },
  { title: "Started", cell: ({ startedAt }) => <When at={startedAt} /> },
  { title: "Length", figures: true, cell: (call) => <Length call={call} /> },
];

const calls = (count: number): CallSummary[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `call_${n}`,
    agentId: "agent_1",
    agentName: "Front desk",
    fromNumber: "+14155550150",
    toNumber: `+1${4155550000 + n}`,
    direction: n % 3 === 0 ? "inbound" : "outbound",
    status: n < 5 ? "in-progress" : "completed",
    startedAt: new Date(1_790_000_000_000 - n * 60_000).toISOString(),
    endedAt: null,
    durationSeconds: n < 5 ? null : n % 600,
    lastTranscriptSnippet: "Thank you, and have a good day. Goodbye.",
  }));

/** Waits until the rows are in the document and laid out. */
async function drawn(place: HTMLElement): Promise<void> {
  while (place.querySelectorAll("tbody tr").length < 3) await Promise.resolve();
  void place.offsetHeight;
}

/** Milliseconds to draw a table of this many calls, and to draw it again with one more at the top. */
async function table(count: number): Promise<{ first: number; again: number; rows: number }> {
  const [newest, ...rest] = calls(count + 1);
  const place = document.body.appendChild(document.createElement("main"));
  const show = (items: readonly CallSummary[]): void =>
    render(
      <Table label="Calls" columns={COLUMNS} items={items} id={({ id }) => id} href={({ id }) => `/calls/${id}`} />,
      place,
    );
  const began = performance.now();
  show(rest);
  await drawn(place);
  const first = performance.now() - began;
  await new Promise(requestAnimationFrame);
  const all = newest === undefined ? rest : [newest, ...rest];
  const from = performance.now();
  show(all);
  await drawn(place);
  const again = performance.now() - from;
  const rows = place.querySelectorAll("tbody tr").length;
  render(null, place);
  place.remove();
  return { first, again, rows };
}

/**
 * Follows this many transcripts until they have been interrupted `cuts` times in total. Keeps nothing of what is said.
 */
async function reconnects(streams: number, cuts: number): Promise<{ cuts: number; turns: number }> {
  const sandbox = createSandbox({ limits: false, queuedMs: 1, ringingMs: 1, balanceCents: 10_000_000 });
  const client = new AgentPhone({
    apiKey: "sk_test",
    dangerouslyAllowBrowser: true,
    fetch: sandbox.fetch,
    maxRetryDelay: 20,
  });
  const { id: agentId } = await client.agents.create({
    name: "Front desk",
    voiceMode: "hosted",
    systemPrompt: "Be brief.",
  });
  await client.numbers.buy({ country: "US", agentId });
  sandbox.script({
    lines: [{ caller: "And then?", agent: "Then it had left the house." }],
    pauseMs: 40,
    talkMs: 600_000,
    hangup: "nobody",
  });
  const rule = sandbox.faults.add({ match: { operation: "calls.transcript.stream" }, cut: "mid-body" });
  const leaving = new AbortController();
  let turns = 0;
  const follow = async (n: number): Promise<void> => {
    const { id } = await client.calls.create({ agentId, toNumber: `+1${4155550000 + n}` });
    try {
      for await (const { event } of client.calls.transcript.stream(id, { signal: leaving.signal }))
        if (event === "turn") turns += 1;
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  };
  const all = Array.from({ length: streams }, (_, n) => follow(n));
  const hits = (): number => sandbox.faults.list().find(({ id }) => id === rule)?.hits ?? 0;
  while (hits() < cuts) await Promise.race([new Promise((resolve) => setTimeout(resolve, 50)), Promise.all(all)]);
  leaving.abort();
  await Promise.all(all);
  const done = hits();
  sandbox.close();
  return { cuts: done, turns };
}

declare global {
  interface Window {
    measures: { table: typeof table; reconnects: typeof reconnects };
  }
}
window.measures = { table, reconnects };
