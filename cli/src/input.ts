// The input of an operation from the arguments: `--json`, `@file` or `@-`, overridden by the options of its fields. This
// converts strings to numbers and lists; the client validates the result.

import { readFileSync } from "node:fs";
import { usage } from "./failure.js";
import type { Field, Operation } from "./operation.js";

/** Maximum bytes of an input file, far more than the API accepts. */
const LONGEST = 16 * 1024 * 1024;

const parsed = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    // The engine's message quotes the text, which is private.
    const [, at] = /position (\d+)/.exec((error as Error).message) ?? [];
    throw usage(`${what} is not valid JSON${at === undefined ? "" : ` (at character ${Number(at) + 1})`}`);
  }
};

const objectOf = (text: string, what: string): Record<string, unknown> => {
  const value = parsed(text, what);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw usage(`${what} must be a JSON object`);
  return value as Record<string, unknown>;
};

/** The text of `@file`, or of standard input for `@-`. */
const textOf = (name: string): string => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(name === "-" ? 0 : name);
  } catch (error) {
    throw usage(`${name === "-" ? "standard input" : name} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (bytes.length > LONGEST) throw usage(`${name} is longer than ${LONGEST} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usage(`${name === "-" ? "standard input" : name} is not UTF-8`);
  }
};

const numberOf = (field: Field, text: string): number => {
  const number = /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw usage(`--${field.flag} must be a number`);
  return number;
};

/** `name=value` pairs, or one JSON object. */
const mapOf = (field: Field, texts: readonly string[]): Record<string, unknown> => {
  const map: Record<string, unknown> = Object.create(null);
  for (const text of texts) {
    if (text.startsWith("{")) Object.assign(map, objectOf(text, `--${field.flag}`));
    else {
      const at = text.indexOf("=");
      if (at < 1) throw usage(`--${field.flag} must be name=value or a JSON object`);
      map[text.slice(0, at)] = text.slice(at + 1);
    }
  }
  return map;
};

const valuesOf = (field: Field, texts: readonly string[]): unknown[] =>
  texts.flatMap((text) => parsed(text, `--${field.flag}`) as unknown);

/** The value of a field's option. */
const fieldValue = (field: Field, given: unknown): unknown => {
  if (field.kind === "flag") return given;
  const texts = [given].flat() as string[];
  if (field.kind === "texts") return texts;
  if (field.kind === "values") return valuesOf(field, texts);
  if (field.kind === "map") return { ...mapOf(field, texts) };
  const text = texts[0] ?? "";
  return field.kind === "number" ? numberOf(field, text) : text;
};

/** The arguments of one operation. */
export interface Typed {
  readonly json?: string | undefined;
  /** The `@file` after the ids. */
  readonly file?: string | undefined;
  /** Options by field name. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The input of an operation; undefined if none was given and none is required. */
export const inputOf = (operation: Operation, { json, file, fields }: Typed): Record<string, unknown> | undefined => {
  if (operation.accepts === "nothing") {
    if (json !== undefined || file !== undefined) throw usage(`${operation.words.join(" ")} takes no input`);
    return undefined;
  }
  if (json !== undefined && file !== undefined) throw usage("--json and @file cannot be combined");
  if (file !== undefined && !file.startsWith("@"))
    throw usage("too many arguments", "write an input file as @file, and standard input as @-");
  const whole =
    json !== undefined ? objectOf(json, "--json") : file !== undefined ? objectOf(textOf(file.slice(1)), file) : {};
  const input = { ...whole };
  for (const field of operation.fields)
    if (fields[field.name] !== undefined) input[field.name] = fieldValue(field, fields[field.name]);
  if (Object.keys(input).length === 0 && operation.accepts !== "body") return undefined;
  return input;
};
