// An agent's last 30 days in figures.

import type { Agent, AgentPhone, CallSummary } from "agentphone-wasm";
import type { ComponentChildren } from "preact";
import { useApi } from "../../data/queries.js";
import { count, duration, money, number } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import styles from "./agents.module.css";
import { figuresOf, since } from "./figures.js";

const DAYS = 30;
const PAGE = 100;
/** Calls that are read at most; the strip says so if there are more. */
const MOST = 500;
const LOOK_EVERY = 15_000;

interface Read {
  calls: readonly CallSummary[];
  /** There are more in this time. */
  more: boolean;
}

async function readCalls(client: AgentPhone, id: string, signal: AbortSignal): Promise<Read> {
  const start = Date.now() - DAYS * 86_400_000;
  const calls: CallSummary[] = [];
  for await (const call of client.agents.calls.list(id, { limit: PAGE }, { signal })) {
    if (Date.parse(call.startedAt) < start) break;
    if (calls.length === MOST) return { calls, more: true };
    calls.push(call);
  }
  return { calls: since(calls, start), more: false };
}

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });

/** The strip. */
export function AgentFigures({ agent: { id, voiceMode } }: { agent: Agent }) {
  const read = useApi(["calls", "of", id, "figures"], (client, signal) => readCalls(client, id, signal), {
    every: LOOK_EVERY,
  });
  const figures = read.data && figuresOf(read.data.calls, voiceMode);
  const or = (value: string | null | undefined): string => value ?? "–";
  return (
    <section aria-label="The last 30 days" class={styles.figures}>
      <Problem error={read.error} onRetry={() => void read.refetch()} />
      <dl>
        <Figure name="Calls" about={`Last ${DAYS} days`}>
          <a href={`#/calls?agent=${id}&period=30d`}>
            {or(figures && `${number(figures.calls)}${read.data?.more === true ? "+" : ""}`)}
          </a>
        </Figure>
        <Figure
          name="Answered"
          about={figures === undefined ? "" : `${number(figures.answered)} of ${count(figures.ended, "call")}`}
        >
          {or(figures && (figures.rate === null ? null : percent.format(figures.rate)))}
        </Figure>
        <Figure name="Talk time" about={(figures?.seconds ?? 0) < 3600 ? "min:sec" : "h:min:sec"}>
          {or(figures && duration(figures.seconds))}
        </Figure>
        <Figure name="Average call" about="of those answered">
          {or(figures && (figures.average === null ? null : duration(Math.round(figures.average))))}
        </Figure>
        <Figure name="Spend on calls" about="at the price per minute">
          {or(figures && (figures.cents === null ? null : money(figures.cents)))}
        </Figure>
      </dl>
      {read.data?.more === true && <p class="hint">Of its latest {number(MOST)} calls.</p>}
    </section>
  );
}

function Figure({ name, about, children }: { name: string; about: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong>
        <span class="muted small">{about}</span>
      </dd>
    </div>
  );
}
