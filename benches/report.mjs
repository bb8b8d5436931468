// Turns figures into text: aligned Markdown tables, which read well on a terminal and can be pasted into
// docs/performance.md as they are, under a line that says where and when they were measured.

import { cpus, totalmem } from "node:os";

/** Where the figures come from. */
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

/** A number for a table: as many digits as it has meaning. */
export const number = (/** @type {number} */ value, digits = 1) =>
  Number.isFinite(value) ? value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, " ") : "-";

/** A median with its quartiles, e.g. `12.3 (11.9 to 14.0)`. */
export const ranged = (
  /** @type {{ median: number, low: number, high: number }} */ { median, low, high },
  digits = 1,
) => `${number(median, digits)} (${number(low, digits)} to ${number(high, digits)})`;

/** How many times `less` is contained in `more`. */
export const times = (/** @type {number} */ more, /** @type {number} */ less) =>
  less > 0 && more > 0 ? `${number(more / less)}x` : "-";

/** @typedef {{ title: string, head: string[], rows: (string | number)[][], notes?: string[] }} Table */

/** Markdown of a table. The first column is text; the others align right. */
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
