// The columns of the table of calls, on the page and in exported files.

import type { CallSummary } from "agentphone-wasm";
import type { Column } from "../../ui/table.js";
import { Status, When } from "../../ui/values.js";
import { Length } from "./length.js";
import { Who } from "./who.js";
import styles from "./who.module.css";
import { millisOf, otherSide } from "./words.js";

export const COLUMNS: readonly Column<CallSummary>[] = [
  { title: "Who", cell: (call) => <Who call={call} />, sort: otherSide, copy: otherSide },
  {
    title: "Agent",
    mid: true,
    cell: ({ agentName, agentId }) =>
      (agentName ?? agentId) ? <bdi class="cut">{agentName ?? agentId}</bdi> : <span class="muted">none</span>,
    sort: ({ agentName, agentId }) => agentName ?? agentId,
  },
  { title: "Status", cell: ({ status }) => <Status value={status} />, sort: ({ status }) => status },
  {
    title: "Last said",
    wide: true,
    low: true,
    cell: ({ lastTranscriptSnippet: said }) => <span class={`muted ${styles.snippet}`}>{said ?? ""}</span>,
  },
  {
    title: "Started",
    wide: true,
    cell: ({ startedAt }) => <When at={startedAt} />,
    sort: ({ startedAt }) => millisOf(startedAt),
  },
  {
    title: "Length",
    tiny: true,
    figures: true,
    cell: (call) => <Length call={call} />,
    sort: ({ durationSeconds }) => durationSeconds,
  },
];

/** The same columns and more, as text. */
export const CSV = (nameOf: (phone: string) => string | undefined): [string, (call: CallSummary) => unknown][] => [
  ["id", ({ id }) => id],
  ["started", ({ startedAt }) => startedAt],
  ["ended", ({ endedAt }) => endedAt],
  ["seconds", ({ durationSeconds }) => durationSeconds],
  ["direction", ({ direction }) => direction],
  ["status", ({ status }) => status],
  ["from", ({ fromNumber }) => fromNumber],
  ["to", ({ toNumber }) => toNumber],
  ["contact", (call) => nameOf(otherSide(call) ?? "")],
  ["agent", ({ agentName }) => agentName],
  ["agent id", ({ agentId }) => agentId],
  ["last words", ({ lastTranscriptSnippet }) => lastTranscriptSnippet],
];
