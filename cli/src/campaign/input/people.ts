// Converts rows to people: the number in E.164, the time zone, and all other columns as variables. Each problem has its line
// and column.

import { phone } from "agentphone-wasm/toolkit";
import { isZone, isZoneAbbreviation } from "../core/quiet-hours.js";
import { isInUsOrCanada } from "../core/reach.js";
import { filled, namesIn } from "../core/template.js";
import type { NewPerson } from "../types.js";
import { wrongCharacter } from "./characters.js";
import { columnsOf } from "./number-column.js";
import type { Problem, Raw, Read } from "./problems.js";

export interface PeopleOptions {
  /** Country of local numbers, as two letters. Default: US. */
  readonly country?: string | undefined;
  /** The column of the number. Default: the only one with a common name. */
  readonly column?: string | undefined;
  /** Names that are spoken or sent: each person needs a value. */
  readonly needs: readonly string[];
  /** Names that only the instructions of the model use: there must be a column, but its cells may be empty. */
  readonly mayBeEmpty?: readonly string[] | undefined;
  /** The text to send, to check its length. */
  readonly body?: string | undefined;
  /** Numbers that must not be contacted, in E.164. */
  readonly optedOut?: ReadonlySet<string> | undefined;
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === null || value === undefined ? "" : undefined;
};

const isPhone = (number: string): boolean => /^\+\d/.test(number);

/** Why it is not a phone number, if that can be told from the cell. */
const numberHint = (text: string): string =>
  /^[+-]?\d+[.,]?\d*e\+?\d+$/i.test(text.trim())
    ? ": a spreadsheet has rounded it. Format the column as text there, and enter the number again"
    : "";

/** Longest text that the API accepts. */
export const LONGEST_TEXT = 1_600;

/** Converts rows to people. `library`: libphonenumber-js, for countries outside the North American plan. */
export const peopleReader = (
  { country = "US", column, needs, mayBeEmpty = [], body, optedOut }: PeopleOptions,
  library?: unknown,
) => {
  const options = { country, ...(library !== undefined && { library: library as never }) };
  const spoken = new Set([...needs, ...mayBeEmpty]);
  /** The columns that numbers were read from: objects may have different ones. */
  const numberColumns = new Set<string>();
  const read = ({
    line,
    values,
    text,
    columnOf,
    header,
  }: Raw): { readonly person: NewPerson } | { readonly problem: Problem } => {
    const problem = (name: string, code: Problem["code"], message: string) => ({
      problem: { line, column: Math.max(1, columnOf(name)), code, message, text },
    });
    /** A column that is missing in a table is missing in every row. */
    const wrongColumns = (code: Problem["code"], message: string) =>
      header === undefined
        ? problem("", code, message)
        : { problem: { line: header, column: 1, code, message, fatal: true } };
    const names = Object.keys(values);
    const columns = columnsOf(names, column);
    if ("code" in columns) return wrongColumns(columns.code, columns.message);
    const missing = [...spoken].find((name) => !names.includes(name));
    if (missing !== undefined) {
      const similar = names.find((name) => name.trim().toLowerCase() === missing.toLowerCase());
      const hint = similar === undefined ? "" : `; the list has ${similar}: write {{${similar}}}`;
      return wrongColumns("missing-column", `no column is named ${missing}, which the text requires${hint}`);
    }
    const variables: Record<string, string> = Object.create(null);
    for (const name of names) {
      const value = textOf(values[name]);
      if (value === undefined) return problem(name, "missing-value", `${name} must be a string or a number`);
      const wrong = wrongCharacter(name) ?? wrongCharacter(value);
      if (wrong !== undefined) return problem(name, "control-character", `the cell contains ${wrong}`);
      // The number and the zone are not variables, unless the text says them.
      if (spoken.has(name) || (name !== columns.number && name !== columns.zone)) variables[name] = value;
    }
    const empty = needs.find((name) => variables[name]?.trim() === "");
    if (empty !== undefined) return problem(empty, "missing-value", `${empty} is empty, but the text requires it`);
    // The rest of a mail merge that failed: it would be spoken as it stands.
    const unfilled = needs.find((name) => namesIn(variables[name] ?? "").length > 0);
    if (unfilled !== undefined)
      return problem(unfilled, "unfilled", `${unfilled} contains a name in braces, but the text requires its value`);
    const length = body === undefined ? 0 : filled(body, variables).length;
    if (length > LONGEST_TEXT) {
      const sizeOf = (name: string): number => variables[name]?.length ?? 0;
      const longest = needs.reduce((most, name) => (sizeOf(name) > sizeOf(most) ? name : most), needs[0] ?? "");
      return problem(longest, "long-text", `the text has ${length} characters; at most ${LONGEST_TEXT} are allowed`);
    }
    let recipient: string;
    const typed = textOf(values[columns.number]) ?? "";
    try {
      recipient = phone.e164(typed, options);
    } catch {
      const whose = country === "US" ? "" : ` of ${country}`;
      return problem(columns.number, "wrong-number", `not a phone number${whose}${numberHint(typed)}`);
    }
    if (!isPhone(recipient)) return problem(columns.number, "wrong-number", "not a phone number");
    const zone = columns.zone === undefined ? "" : (textOf(values[columns.zone]) ?? "").trim();
    if (zone !== "" && !isZone(zone))
      return problem(
        columns.zone ?? "",
        "wrong-zone",
        isZoneAbbreviation(zone)
          ? `${zone.toUpperCase()} is ambiguous: write the name of a time zone, such as America/New_York`
          : "not a time zone such as America/New_York",
      );
    const skip = optedOut?.has(recipient)
      ? ("opted-out" as const)
      : isInUsOrCanada(recipient)
        ? undefined
        : ("outside-us-ca" as const);
    numberColumns.add(columns.number);
    return {
      person: { recipient, zone: zone === "" ? null : zone, variables: { ...variables }, line, ...(skip && { skip }) },
    };
  };
  return { read, numberColumns };
};

/** Objects of a program, as rows. */
export const objectRows = async function* (source: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Read> {
  let line = 0;
  for await (const value of source) {
    line += 1;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      yield { row: { line, values: value as Record<string, unknown>, text: "", columnOf: () => 1 } };
    else yield { problem: { line, column: 1, code: "broken-json", message: "not an object" } };
  }
};
