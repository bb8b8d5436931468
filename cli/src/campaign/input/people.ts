// Converts rows to people: the number in E.164, the time zone, and all other columns as variables. Each problem has its line
// and column.

import { phone } from "agentphone-wasm/toolkit";
import { isZone } from "../core/quiet-hours.js";
import { isInUsOrCanada } from "../core/reach.js";
import type { NewPerson } from "../types.js";
import type { Problem, Raw, Read } from "./problems.js";

/** Common names of the phone number column, ignoring case, spaces and underscores. */
const NUMBER_COLUMNS = [
  "tonumber",
  "to",
  "recipient",
  "phone",
  "phonenumber",
  "number",
  "mobile",
  "cell",
  "tel",
  "telephone",
];
const ZONE_COLUMNS = ["timezone", "zone", "tz"];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, "");

export interface PeopleOptions {
  /** Country of local numbers, as two letters. Default: US. */
  readonly country?: string | undefined;
  /** The column of the number. Default: the first one with a common name. */
  readonly column?: string | undefined;
  /** Names that the texts use; they are required. */
  readonly needs: readonly string[];
  /** Numbers that must not be contacted, in E.164. */
  readonly optedOut?: ReadonlySet<string> | undefined;
}

/** The columns of a row; the same object for rows with the same columns. */
interface Columns {
  readonly number: string;
  readonly zone: string | undefined;
}

const columnsOf = (names: readonly string[], wanted: string | undefined): Columns | undefined => {
  const number =
    wanted === undefined
      ? names.find((name) => NUMBER_COLUMNS.includes(plain(name)))
      : names.find((name) => name === wanted);
  if (number === undefined) return undefined;
  return { number, zone: names.find((name) => ZONE_COLUMNS.includes(plain(name))) };
};

const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === null || value === undefined ? "" : undefined;
};

const isPhone = (number: string): boolean => /^\+\d/.test(number);

/** Converts rows to people. `library`: libphonenumber-js, for countries outside the North American plan. */
export const peopleReader = ({ country = "US", column, needs, optedOut }: PeopleOptions, library?: unknown) => {
  const options = { country, ...(library !== undefined && { library: library as never }) };
  return ({ line, values, text, columnOf }: Raw): { readonly person: NewPerson } | { readonly problem: Problem } => {
    const problem = (name: string, code: Problem["code"], message: string, fatal = false) => ({
      problem: { line, column: Math.max(1, columnOf(name)), code, message, text, ...(fatal && { fatal }) },
    });
    const names = Object.keys(values);
    const columns = columnsOf(names, column);
    if (columns === undefined)
      return problem(
        "",
        "missing-column",
        column === undefined
          ? "no column is named phone; specify the column of the number"
          : `no column is named ${column}`,
      );
    const missing = needs.find((name) => !names.includes(name));
    if (missing !== undefined)
      return problem("", "missing-column", `no column is named ${missing}, which the text requires`);
    const variables: Record<string, string> = Object.create(null);
    for (const name of names) {
      if (name === columns.number || name === columns.zone) continue;
      const value = textOf(values[name]);
      if (value === undefined) return problem(name, "missing-value", `${name} must be a string or a number`);
      variables[name] = value;
    }
    const empty = needs.find((name) => (variables[name] ?? textOf(values[name]) ?? "").trim() === "");
    if (empty !== undefined) return problem(empty, "missing-value", `${empty} is empty, but the text requires it`);
    let recipient: string;
    try {
      recipient = phone.e164(textOf(values[columns.number]) ?? "", options);
    } catch {
      return problem(columns.number, "wrong-number", `not a phone number${country === "US" ? "" : ` of ${country}`}`);
    }
    if (!isPhone(recipient)) return problem(columns.number, "wrong-number", "not a phone number");
    const zone = columns.zone === undefined ? "" : (textOf(values[columns.zone]) ?? "").trim();
    if (zone !== "" && !isZone(zone))
      return problem(columns.zone ?? "", "wrong-zone", "not a time zone such as America/New_York");
    const skip = optedOut?.has(recipient)
      ? ("opted-out" as const)
      : isInUsOrCanada(recipient)
        ? undefined
        : ("outside-us-ca" as const);
    return {
      person: { recipient, zone: zone === "" ? null : zone, variables: { ...variables }, line, ...(skip && { skip }) },
    };
  };
};

/** Objects of a program, as rows. */
export const objectRows = async function* (source: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Read> {
  let line = 0;
  for await (const value of source) {
    line += 1;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      yield { row: { line, values: value as Record<string, unknown>, text: "", columnOf: () => 1, isTable: false } };
    else yield { problem: { line, column: 1, code: "broken-json", message: "not an object" } };
  }
};
