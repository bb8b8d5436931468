// Tables and objects for people: as many columns as fit the terminal, and times in the local time zone.

import width from "fast-string-width";
import colors from "picocolors";
import { line, localTime, safe } from "./text.js";

const LONGEST_CELL = 48;
const GAP = "  ";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A value on one line. */
const cell = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return localTime(value) ?? line(value);
  return isObject(value) ? line(JSON.stringify(value)) : String(value);
};

const cut = (text: string): string => {
  if (width(text) <= LONGEST_CELL) return text;
  let short = "";
  for (const character of text) {
    if (width(short + character) >= LONGEST_CELL) break;
    short += character;
  }
  return `${short}…`;
};

const padded = (text: string, to: number): string => text + " ".repeat(Math.max(0, to - width(text)));

/** Colors of status words. */
const TONES: Record<string, (text: string) => string> = {
  completed: colors.green,
  active: colors.green,
  delivered: colors.green,
  approved: colors.green,
  enabled: colors.green,
  ok: colors.green,
  "in-progress": colors.cyan,
  ringing: colors.cyan,
  queued: colors.cyan,
  pending: colors.yellow,
  warn: colors.yellow,
  unknown: colors.yellow,
  ambiguous: colors.yellow,
  absent_so_far: colors.yellow,
  failed: colors.red,
  fail: colors.red,
  busy: colors.red,
  "no-answer": colors.red,
  rejected: colors.red,
};
const toned = (text: string): string => TONES[text.trim()]?.(text) ?? text;

/** The columns that have a value in at least one row: first those of `columns`, then all others. */
const used = (rows: readonly Record<string, unknown>[], columns: readonly string[]): string[] => {
  const plain = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => !isObject(row[name]))));
  const filled = (name: string): boolean => rows.some((row) => cell(row[name]) !== "");
  return [...columns.filter((name) => plain.delete(name)), ...plain].filter(filled);
};

/** A table of rows that fits a terminal of `most` characters: columns that do not fit are omitted. */
export const table = (rows: readonly Record<string, unknown>[], columns: readonly string[], most: number): string => {
  const fitting: { name: string; texts: string[]; wide: number }[] = [];
  let left = most;
  for (const name of used(rows, columns)) {
    const texts = rows.map((row) => (name.toLowerCase().endsWith("id") ? cell(row[name]) : cut(cell(row[name]))));
    const wide = Math.max(width(name), ...texts.map((text) => width(text)));
    if (fitting.length > 0 && wide + GAP.length > left) break;
    fitting.push({ name, texts, wide });
    left -= wide + GAP.length;
  }
  const head = fitting.map(({ name, wide }) => colors.bold(padded(name, wide))).join(GAP);
  const lines = rows.map((_, at) =>
    fitting
      .map(({ texts, wide }) => toned(padded(texts[at] ?? "", wide)))
      .join(GAP)
      .trimEnd(),
  );
  return [head.trimEnd(), ...lines, ""].join("\n");
};

/** An object with all its fields, one per line. */
export const object = (value: unknown, indent = ""): string => {
  if (!isObject(value)) return `${indent}${cell(value)}\n`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const wide = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, one]) => field(name, one, indent, wide)).join("");
};

const field = (name: string, value: unknown, indent: string, wide: number): string => {
  const label = `${indent}${colors.dim(padded(line(name), wide))}${GAP}`;
  if (Array.isArray(value) && value.some(isObject)) {
    const items = value.map((item) => object(item, `${indent}  `));
    return `${label}${value.length}\n${items.join(`${indent}  ${colors.dim("-")}\n`)}`;
  }
  if (isObject(value) && !Array.isArray(value)) return `${label}\n${object(value, `${indent}  `)}`;
  if (Array.isArray(value)) return `${label}${value.map(cell).join(", ")}\n`;
  if (typeof value !== "string") return `${label}${toned(cell(value))}\n`;
  const lines = (localTime(value) ?? safe(value)).split("\n");
  const below = `\n${" ".repeat(indent.length + wide + GAP.length)}`;
  return `${label}${lines.length === 1 ? toned(lines[0] ?? "") : lines.join(below)}\n`;
};
