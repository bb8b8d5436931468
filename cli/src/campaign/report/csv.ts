// A person as a row of CSV.

import type { Person } from "../types.js";
import { roundOf } from "./summary.js";

const FIELDS = ["recipient", "state", "reason", "round", "result_id", "placed_at", "seconds", "line", "earlier"];

/** A cell. A value that a spreadsheet would run as a formula becomes text, because names and texts are untrusted. */
const cell = (value: string, isOurs = false): string => {
  const safe = !isOurs && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const time = (at: number): string => (at === 0 ? "" : new Date(at).toISOString());

export const csvHeader = (names: readonly string[]): string =>
  `${[...FIELDS, ...names.map((name) => (FIELDS.includes(name) ? `column ${name}` : name))].map((name) => cell(name)).join(",")}\r\n`;

export const csvRow = (person: Person, names: readonly string[]): string => {
  const { recipient, state, reason, resultId, placedAt, seconds, line, history, variables } = person;
  const own = [recipient, state, reason ?? "", roundOf(person), resultId ?? "", time(placedAt), seconds ?? "", line];
  const earlier = history.map((past) => past.state).join(" ");
  return `${[...own.map((value) => cell(String(value), true)), cell(earlier, true), ...names.map((name) => cell(variables[name] ?? ""))].join(",")}\r\n`;
};
