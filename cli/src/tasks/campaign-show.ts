// A campaign on a terminal: its plan and its progress.

import colors from "picocolors";
import type { WorkerEvent } from "../campaign/run/context.js";
import type { Status } from "../campaign/status.js";
import type { Campaign, Plan, Range } from "../campaign/types.js";
import { localTime } from "../output/text.js";
import type { Context } from "../settings.js";

/** Columns of a terminal that does not tell its size. */
const WIDTH = 80;
const MINUTE = 60;
const HOUR = 3_600;
/** Characters of the bar: at most, and at least. */
const BAR = 30;
const SHORTEST_BAR = 5;

const time = (seconds: number): string => {
  if (seconds < 2 * MINUTE) return `${Math.ceil(seconds)} s`;
  if (seconds < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 48 * HOUR) return `${Math.round(seconds / HOUR)} h`;
  return `${Math.round(seconds / HOUR / 24)} days`;
};

const range = ({ least, most }: Range, text: (value: number) => string): string =>
  least === most ? text(least) : `${text(least)} to ${text(most)}`;

const dollars = (value: number): string => `$${value.toFixed(2)}`;

const LIMITS: Readonly<Record<Plan["limitedBy"], string>> = {
  rate: "by the request rate",
  concurrency: "by the number of concurrent calls per number",
  "new-contacts": "by the number of new contacts per number and day",
};

/** The plan, one fact per line. */
export const planLines = ({ settings }: Campaign, plan: Plan): string[] => {
  const { kind } = settings;
  const skipped = Object.entries(plan.skipped).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${plan.people} ${plan.people === 1 ? "person" : "people"} to ${kind}, each once${skipped.length > 0 ? `; skipped: ${skipped.join(", ")}` : ""}`,
    `Price: ${range(plan.price, dollars)}${kind === "call" ? " (maximum: every call lasts as long as allowed)" : ""}`,
    `Time: ${range(plan.duration, time)}, limited ${LIMITS[plan.limitedBy]}`,
    ...(plan.quietNow > 0 ? [`In quiet hours now: ${plan.quietNow}, contacted afterwards`] : []),
    ...plan.notes,
  ];
};

/** What a worker has to say, on one line. */
export const eventLine = (event: WorkerEvent): string => {
  switch (event.note) {
    case "paused":
      return `Paused: ${event.reason} (${event.code})`;
    case "slowed":
      return `A rate limit: all workers wait ${event.seconds} s`;
    case "renumbered": {
      const { people, numbers } = event;
      return `${people} ${people === 1 ? "person" : "people"} of released numbers will be called from the remaining ${numbers === 1 ? "number" : `${numbers} numbers`}`;
    }
    case "store":
      return `Trying again: ${event.message}`;
    case "poll-failed":
      return `Calls in progress could not be checked (${event.code}); trying again`;
  }
};

const bar = (share: number, size: number): string => {
  const full = Math.round(share * size);
  return `${colors.green("█".repeat(full))}${colors.dim("░".repeat(size - full))}`;
};

/** The time of day, and the date unless it is today. */
const about = (at: string): string => {
  const text = (localTime(at) ?? "").slice(0, 16);
  const today = (localTime(new Date().toISOString()) ?? "").slice(0, 10);
  return text.startsWith(today) ? text.slice(11) : text;
};

/** The progress, on one line of at most `most` characters. */
export const statusLine = (status: Status, most = Number.POSITIVE_INFINITY): string => {
  const { state, reason, people, finished, counts, perMinute, endsAt, working } = status;
  const share = people === 0 ? 0 : finished / people;
  const { answered, sent, voicemail, busy, failed, doubt, placed, placing } = counts;
  const facts = [
    [sent, "sent"],
    [answered, "answered"],
    [voicemail, "voicemail"],
    [busy + counts["no-answer"], "not reached"],
    [failed, "failed"],
    [placed + placing, "in progress"],
    [doubt, "in doubt"],
  ] as const;
  const shown = facts.flatMap(([count, word]) => (count > 0 ? `${count} ${word}` : []));
  const pace = state === "running" && perMinute > 0 ? [`${perMinute}/min`] : [];
  const end = endsAt === null ? [] : [`done at about ${about(endsAt)}`];
  const needsWorker = state === "running" || placed + placing > 0;
  const word = `${state}${reason ? ` (${reason})` : ""}${needsWorker && !working ? ", no worker" : ""}`;
  const text = `${finished}/${people} ${[word, ...shown, ...pace, ...end].join(", ")}`;
  const size = Math.min(BAR, most - text.length - 1);
  return size < SHORTEST_BAR ? text.slice(0, most) : `${bar(share, size)} ${text}`;
};

/** Shows the progress until it is stopped: on a terminal one line that is updated, otherwise a note from time to time. */
export const progress = (context: Context, read: () => Promise<Status>): (() => Promise<void>) => {
  const { printer } = context;
  const isLive = process.stderr.isTTY === true && !printer.forPrograms;
  const every = isLive ? 1_000 : 10_000;
  let over = false;
  let wake = (): void => {};
  const show = async (): Promise<void> => {
    const status = await read().catch(() => undefined);
    if (status === undefined) return;
    // A line that wraps cannot be cleared, and would fill the screen. Some terminals also wrap after their last column.
    if (isLive) process.stderr.write(`\r\u001b[2K${statusLine(status, (process.stderr.columns || WIDTH) - 1)}`);
    else printer.note(statusLine(status), { note: "progress", ...status });
  };
  const running = (async () => {
    while (!over) {
      await show();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, every);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
    if (isLive) process.stderr.write("\r\u001b[2K");
  })();
  return async () => {
    over = true;
    wake();
    await running;
  };
};
