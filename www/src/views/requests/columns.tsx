// A call as a row of the log, and the tags that its detail shares.

import { RotateCw } from "lucide-preact";
import { type Call, type Exchange, isFailed, lastOf, tookOf } from "../../data/exchange-calls.js";
import { operationOf } from "../../data/operations.js";
import { clock, millis } from "../../ui/format.js";
import type { Column } from "../../ui/table.js";
import { Tag } from "../../ui/values.js";
import styles from "./requests.module.css";

/** What a request asks for: the operation, or the path if it is not one. */
export const nameOf = ({ operation, method, target }: Exchange): string =>
  operation ?? operationOf(method, target)?.id ?? target.split("?")[0] ?? target;

/** A method: writes stand out from reads. */
export const Method = ({ value }: { value: string }) => (
  <span class={value === "GET" ? styles.read : styles.write}>{value}</span>
);

const OUTCOMES: Record<string, string> = {
  "cut-before-headers": "Cut, no response",
  "cut-after-headers": "Cut after headers",
  "cut-mid-body": "Cut in the body",
  "stall-headers": "No response",
  "stall-body": "Body stalled",
  slow: "Slow body",
  closed: "Client disconnected",
};

/** The status, or what happened to the response. */
export function StatusOf({ exchange }: { exchange: Exchange }) {
  const { status, outcome, done } = exchange;
  if (!done && status === null) return <Tag tone="live">In progress</Tag>;
  const words = [status, outcome === "normal" ? "" : (OUTCOMES[outcome] ?? outcome)].filter(Boolean).join(" · ");
  return <Tag tone={isFailed(exchange) ? "bad" : done ? "plain" : "live"}>{words || "No response"}</Tag>;
}

/** How often it was sent; nothing if once. */
export const Attempts = ({ n }: { n: number }) =>
  n < 2 ? null : (
    <span class={styles.attempts} title={`${n} attempts`}>
      <RotateCw aria-hidden="true" size={14} />
      {n}
      <span class="hidden"> attempts</span>
    </span>
  );

export const CALL_COLUMNS: readonly Column<Call>[] = [
  {
    title: "Request",
    cell: (call) => {
      const last = lastOf(call);
      return (
        <span class={styles.name}>
          <Method value={last.method} />
          <span class={styles.operation}>{nameOf(last)}</span>
          <Attempts n={call.attempts.length} />
        </span>
      );
    },
  },
  { title: "Status", cell: (call) => <StatusOf exchange={lastOf(call)} /> },
  {
    title: "Fault",
    wide: true,
    cell: ({ attempts }) => {
      const fault = attempts.find((one) => one.fault !== null)?.fault;
      return fault === undefined || fault === null ? null : <Tag tone="unsure">{fault}</Tag>;
    },
  },
  {
    title: "Time",
    mid: true,
    figures: true,
    cell: (call) => {
      const took = tookOf(call);
      return took === null ? <span class="muted">…</span> : millis(took);
    },
  },
  {
    title: "At",
    mid: true,
    figures: true,
    cell: ({ attempts: [first] }) =>
      first && <time dateTime={new Date(first.at).toISOString()}>{clock(new Date(first.at))}</time>,
  },
];
