// Usage as the API counts it, brought into rows that a chart and a table can both show.

import type { AgentPhone } from "agentphone-wasm";
import { filter } from "../../app/location.js";
import { count, duration } from "../../ui/format.js";
import { type Day, isUtc, readDays } from "./days.js";

/** What is counted. */
export interface Row {
  id: string;
  /** Short, for an axis. */
  label: string;
  /** Whole, for a table. */
  name: string;
  calls: number;
  texts: number;
  /** A third figure, where there is one. */
  more?: string;
  href?: string;
}

/** A way to look at usage. */
export interface Slicing {
  id: "day" | "month" | "number" | "agent";
  title: string;
  /** What a row is. */
  row: string;
  /** Heading of the third figure. */
  more?: string;
  /** Rows are a course of time, the oldest first. */
  time: boolean;
  /** How far back one may look; the first is the usual. */
  spans: readonly { value: string; label: string }[];
  read: (client: AgentPhone, span: string, signal: AbortSignal) => Promise<Counted>;
  /** Twice as far back, for the previous period; undefined where that much cannot be counted. */
  both?: (client: AgentPhone, span: string, own: boolean, signal: AbortSignal) => Promise<Row[] | undefined>;
}

/** What was counted; `zone`: whose days and months they are, in a word; `own`: they are days of the user. */
export interface Counted {
  rows: Row[];
  zone?: string;
  own?: boolean;
}

const ownShort = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const ownLong = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const dayShort = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });
const dayLong = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" });
const monthShort = new Intl.DateTimeFormat(undefined, { month: "short", timeZone: "UTC" });
const monthLong = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const several =
  (unit: string) =>
  (n: number): { value: string; label: string } => ({ value: String(n), label: `${n} ${unit}` });

/** Months that the API counts at most. */
const MOST_MONTHS = 24;

async function readDaily(client: AgentPhone, days: number, signal: AbortSignal): Promise<Row[]> {
  const { data } = await client.usage.daily({ days }, { signal });
  return data.map(({ date, calls, messages, webhooks }) => {
    // A day of the API is no moment: it keeps its name in every zone.
    const at = new Date(`${date}T00:00:00Z`);
    return {
      id: date,
      label: dayShort.format(at),
      name: dayLong.format(at),
      calls,
      texts: messages,
      more: String(webhooks ?? "–"),
    };
  });
}

async function readMonthly(client: AgentPhone, months: number, signal: AbortSignal): Promise<Row[]> {
  const { data } = await client.usage.monthly({ months }, { signal });
  return data.map(({ month, calls, messages, webhooks }) => {
    const at = new Date(`${month}-01T00:00:00Z`);
    return {
      id: month,
      label: monthShort.format(at),
      name: monthLong.format(at),
      calls,
      texts: messages,
      more: String(webhooks ?? "–"),
    };
  });
}

export const SLICINGS: readonly Slicing[] = [
  {
    id: "day",
    title: "Day",
    row: "Day",
    more: "Webhook deliveries",
    time: true,
    spans: [30, 7, 90].map(several("days")),
    read: async (client, span, signal) => {
      const days = Number(span);
      const utc = isUtc(days, Date.now());
      const own = utc ? undefined : await readDays(client, days, signal);
      if (own !== undefined) return { rows: own.map(rowOf), zone: `Days in your time zone, ${zone()}.`, own: true };
      const rows = await readDaily(client, days, signal);
      return { rows, zone: utc ? "Days in UTC." : "Days in UTC: there is too much to count it by your own days." };
    },
    both: async (client, span, own, signal) => {
      const days = 2 * Number(span);
      return own ? (await readDays(client, days, signal))?.map(rowOf) : readDaily(client, days, signal);
    },
  },
  {
    id: "month",
    title: "Month",
    row: "Month",
    more: "Webhook deliveries",
    time: true,
    spans: [6, 12, 24].map(several("months")),
    read: async (client, span, signal) => {
      const rows = await readMonthly(client, Number(span), signal);
      return { rows, zone: "Months in UTC, as AgentPhone counts them." };
    },
    both: async (client, span, _, signal) => {
      const months = 2 * Number(span);
      return months > MOST_MONTHS ? undefined : readMonthly(client, months, signal);
    },
  },
  {
    id: "number",
    title: "Number",
    row: "Number",
    more: "Agent",
    time: false,
    spans: [],
    read: async (client, _, signal) => {
      const numbers = await client.usage.byNumber({ signal }).toArray({ limit: 500 });
      const rows = numbers.map(({ numberId, phoneNumber, agentName, calls, messages }) => ({
        id: numberId,
        label: phoneNumber,
        name: phoneNumber,
        calls,
        texts: messages,
        more: agentName ?? "none",
        href: `/numbers/${encodeURIComponent(numberId)}`,
      }));
      return { rows };
    },
  },
  {
    id: "agent",
    title: "Agent",
    row: "Agent",
    more: "Talk time",
    time: false,
    spans: [
      { value: "month", label: "30 days" },
      { value: "week", label: "7 days" },
      { value: "year", label: "365 days" },
    ],
    read: async (client, span, signal) => {
      const period = span === "week" || span === "year" ? span : "month";
      const { data } = await client.usage.byAgent({ period, tz: zone() }, { signal });
      const rows = data.map(({ agentId, agentName, calls, messages, totalSeconds }) => ({
        id: agentId ?? "",
        label: agentName,
        name: agentName,
        calls,
        texts: messages,
        more: duration(totalSeconds),
        ...(agentId === null ? {} : { href: `/agents/${encodeURIComponent(agentId)}` }),
      }));
      return { rows };
    },
  },
];

/** A day of the user. */
const rowOf = ({ start, calls, texts }: Day): Row => ({
  id: String(start),
  label: ownShort.format(start),
  name: ownLong.format(start),
  calls,
  texts,
});

/** What the address asks for; what it does not say, or says wrongly, is as usual. */
export function asked(): { slicing: Slicing; span: string; table: boolean } {
  const [usual] = SLICINGS;
  const slicing = SLICINGS.find(({ id }) => id === filter("by")) ?? usual;
  if (slicing === undefined) throw new Error("there is no way to look at usage");
  const span = slicing.spans.find(({ value }) => value === filter("span")) ?? slicing.spans[0];
  return { slicing, span: span?.value ?? "", table: filter("as") === "table" };
}

/** The sum of a figure. */
export const sum = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** Calls and texts of these, in words. */
export const inWords = (rows: readonly Row[]): string =>
  `${count(
    sum(rows, ({ calls }) => calls),
    "call",
  )} and ${count(
    sum(rows, ({ texts }) => texts),
    "text",
  )}`;

/** What is shown, as a chart or as a table. */
export interface Shown {
  slicing: Slicing;
  rows: readonly Row[];
  zone: string;
  /** What each row is compared with, if anything. */
  previous: readonly (Row | undefined)[] | undefined;
  /** What that period is called. */
  earlier: string;
}
