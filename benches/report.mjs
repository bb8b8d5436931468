// Renders figures as aligned Markdown tables, which are readable in a terminal and can be pasted into
// docs/performance.md as they are, under a line that says where and when they were measured.

import { cpus, totalmem } from "node:os";

/** Describes the environment of the measurement. */
export const environment = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model.trim() || "unknown",
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
});

/** The environment in one line. @param {ReturnType<typeof environment>} environment */
export const environmentLine = ({ date, node, platform, cpu, cores, memory }) =>
  `Measured ${date} with Node ${node} on ${platform}, CPU ${cpu}, ${cores} cores, ${memory}.`;

/** Formats a number with as many digits as are meaningful. */
export const number = (/** @type {number} */ value, digits = 1) =>
  Number.isFinite(value) ? value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, " ") : "-";

/** A median with its quartiles, e.g. `12.3 (11.9 to 14.0)`. */
export const ranged = (
  /** @type {{ median: number, low: number, high: number }} */ { median, low, high },
  digits = 1,
) => `${number(median, digits)} (${number(low, digits)} to ${number(high, digits)})`;

/** The ratio of `more` to `less`. */
export const times = (/** @type {number} */ more, /** @type {number} */ less) =>
  less > 0 && more > 0 ? `${number(more / less)}x` : "-";

/** @typedef {{ title: string, head: string[], rows: (string | number)[][], notes?: string[] }} Table */

/** A table as Markdown. The first column is text; the others are right-aligned. */
export const markdown = (/** @type {Table} */ { title, head, rows, notes = [] }) => {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [first, ...rest] = cells;
  const table = [line(first), `| ${rule.join(" | ")} |`, ...rest.map(line)].join("\n");
  return [`### ${title}`, table, ...notes].join("\n\n");
};
