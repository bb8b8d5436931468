// The report as one HTML file: charts as SVG, no script, no external resources, and no phone numbers or names, so that it
// can be shared.

import type { Campaign, PersonState } from "../types.js";
import { barsOf, CLASS, type Summary } from "./summary.js";

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const WORDS: Readonly<Record<PersonState, string>> = {
  answered: "Answered",
  sent: "Sent",
  voicemail: "Voicemail",
  busy: "Busy",
  "no-answer": "No answer",
  failed: "Failed",
  doubt: "In doubt",
  skipped: "Skipped",
  placed: "In progress",
  placing: "Being placed",
  waiting: "Waiting",
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --back: #fff; --good: #1a7f4b; --bar: #2f6fdd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf1; --soft: #9aa6b5; --line: #343c48; --back: #12161c; --good: #4cc38a; --bar: #6ea2ff; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { color: var(--soft); margin: .25rem 0; } table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 12px; } .bar { fill: var(--bar); } .good { fill: var(--good); } .axis { stroke: var(--line); }
`;

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [860, 240, 44, 24, 10];

interface Column {
  readonly label: string;
  readonly title: string;
  readonly whole: number;
  readonly part?: number;
}

/** A column chart; `part` is the lower part of a column. */
const columns = (name: string, data: readonly Column[], every: number): string => {
  const most = Math.max(1, ...data.map(({ whole }) => whole));
  const width = (WIDTH - LEFT) / Math.max(1, data.length);
  const high = HEIGHT - BOTTOM - TOP;
  const height = (value: number): number => (value / most) * high;
  const piece = (at: number, value: number, kind: string): string =>
    `<rect class="${kind}" x="${(LEFT + at * width + width * 0.1).toFixed(1)}" y="${(TOP + high - height(value)).toFixed(1)}" width="${(width * 0.8).toFixed(1)}" height="${height(value).toFixed(1)}"/>`;
  const bars = data.map(
    ({ title, whole, part, label }, at) =>
      `<g><title>${escaped(title)}</title>${piece(at, whole, "bar")}${part === undefined ? "" : piece(at, part, "good")}${
        at % every === 0 ? `<text x="${(LEFT + at * width).toFixed(1)}" y="${HEIGHT - 6}">${escaped(label)}</text>` : ""
      }</g>`,
  );
  const lines = [0, 0.5, 1].map((share) => {
    const y = (TOP + high * (1 - share)).toFixed(1);
    return `<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="0" y="${Number(y) + 4}">${Math.round(most * share)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(name)}">${lines.join("")}${bars.join("")}</svg>`;
};

const table = (head: readonly [string, string], rows: readonly (readonly [string, number])[], all: number): string =>
  `<table><thead><tr><th>${head[0]}</th><th class="n">${head[1]}</th><th class="n">Share</th></tr></thead><tbody>${rows
    .map(
      ([name, count]) =>
        `<tr><td>${escaped(name)}</td><td class="n">${count}</td><td class="n">${all === 0 ? 0 : Math.round((count / all) * 1000) / 10} %</td></tr>`,
    )
    .join("")}</tbody></table>`;

const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

export const htmlReport = (campaign: Campaign, summary: Summary): string => {
  const { id, state, reason, settings, startedAt, endedAt } = campaign;
  const { counts, reasons, lengths, minutes, seconds, again } = summary;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shown = (Object.keys(WORDS) as PersonState[]).filter((each) => counts[each] > 0);
  const bars = barsOf(minutes, 60);
  const last = Math.max(0, ...lengths.keys());
  const classes = Array.from({ length: Math.min(40, last + 1) }, (_, at) => at);
  const lengthOf = (at: number): number =>
    at < classes.length - 1
      ? (lengths.get(at) ?? 0)
      : [...lengths].reduce((sum, [key, count]) => (key >= at ? sum + count : sum), 0);
  const answered = counts.answered;
  const parts = [
    `<h1>Campaign ${escaped(id)}</h1>`,
    `<p>${all} people, ${settings.kind === "call" ? "calls" : "texts"}; ${escaped(state)}${reason ? ` (${escaped(reason)})` : ""}</p>`,
    ...(startedAt === null
      ? []
      : [`<p>From ${clock(startedAt)}${endedAt === null ? "" : ` to ${clock(endedAt)}`}</p>`]),
    ...(again > 0 ? [`<p>${again} of them in more than one round</p>`] : []),
    "<h2>Results</h2>",
    columns(
      "Results",
      shown.map((each) => ({ label: WORDS[each], title: `${WORDS[each]}: ${counts[each]}`, whole: counts[each] })),
      1,
    ),
    table(
      ["Result", "People"],
      shown.map((each) => [WORDS[each], counts[each]] as const),
      all,
    ),
    ...(bars.length === 0
      ? []
      : [
          `<h2>${settings.kind === "call" ? "Calls placed and answered" : "Texts"}, over time</h2>`,
          columns(
            "Over time",
            bars.map(({ from, placed, reached, minutes: span }) => ({
              label: new Date(from).toISOString().slice(11, 16),
              title: `${clock(from)}, ${span} min: ${placed} placed, ${reached} reached`,
              whole: placed,
              part: reached,
            })),
            Math.max(1, Math.ceil(bars.length / 10)),
          ),
        ]),
    ...(answered === 0 || lengths.size === 0
      ? []
      : [
          `<h2>Length of answered calls: ${Math.round(seconds / answered)} s on average</h2>`,
          columns(
            "Length of answered calls",
            classes.map((at) => ({
              label: `${at * CLASS} s`,
              title: `from ${at * CLASS} s: ${lengthOf(at)}`,
              whole: lengthOf(at),
              part: lengthOf(at),
            })),
            Math.max(1, Math.ceil(classes.length / 10)),
          ),
        ]),
    ...(reasons.size === 0
      ? []
      : [
          "<h2>Reasons</h2>",
          table(["Reason", "People"], [...reasons].sort((one, other) => other[1] - one[1]).slice(0, 50), all),
        ]),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Campaign ${escaped(id)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${STYLE}</style></head>
<body>${parts.join("\n")}</body></html>
`;
};
