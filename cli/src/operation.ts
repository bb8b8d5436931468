// What the command line knows about an operation. `scripts/operations.mjs` generates the files when the package is built. A
// command reads only the file of its own resource, because reading adds to the start time.

import { readFileSync } from "node:fs";
import type { RequestOptions } from "agentphone-wasm";

/** An input field of an operation, and its option. */
export interface Field {
  /** As the API spells it. */
  readonly name: string;
  /** As the command line spells it, without the dashes in front. */
  readonly flag: string;
  /** `texts` and `values` may be repeated; `values` and `map` take JSON; a `map` also takes `name=value`. */
  readonly kind: "text" | "number" | "flag" | "texts" | "values" | "map";
  readonly required?: boolean;
  /** The only accepted words. */
  readonly values?: readonly string[];
  /** Known words; others are accepted too. */
  readonly known?: readonly string[];
  /** Minimum number of values in a list. */
  readonly least?: number;
  readonly default?: unknown;
  /** The minimum and maximum value; null if there is no bound. */
  readonly bounds?: readonly [number | null, number | null];
  readonly text: string;
  readonly example: string;
}

/** An operation: its row of the client's table, its fields from the contract, its descriptions from the types. */
export interface Operation {
  readonly id: string;
  /** The words of its command. */
  readonly words: readonly string[];
  readonly method: string;
  readonly path: string;
  /** The ids in its path, in order. */
  readonly ids: readonly string[];
  readonly accepts: "nothing" | "query" | "body" | "optionalBody";
  readonly shape: "object" | "objectOrNull" | "list" | "empty" | "json" | "bytes" | "events" | "media";
  readonly pages: "none" | "whole" | "offset" | "before";
  /** A repeat would happen twice, so it takes an idempotency key. */
  readonly effect: boolean;
  /** Its side effect: places a call, sends a message or costs money. */
  readonly side: "none" | "call" | "message" | "money";
  readonly deletes: boolean;
  /** It is sent with the API key. */
  readonly keyed: boolean;
  readonly summary: string;
  readonly details: readonly string[];
  readonly price?: string;
  readonly fields: readonly Field[];
  /** Groups of fields of which one must be given. */
  readonly exactlyOne?: readonly (readonly string[])[];
  /** Fields that an example needs in addition to the required ones. */
  readonly exampleNeeds?: readonly string[];
  /** The plain fields of what it returns, the most important first. */
  readonly columns: readonly string[];
}

/** A resource of the API with its operations. */
export interface Resource {
  readonly name: string;
  readonly summary: string;
  readonly operations: readonly Operation[];
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./operations/${name}.json`, import.meta.url), "utf8")) as T;

/** The resources with their summaries, for the list of commands. */
export const resourceNames = (): readonly { readonly name: string; readonly summary: string }[] => read("index");

/** A resource with its operations. */
export const resourceOf = (name: string): Resource => read(name);

/** Whether the command asks for confirmation before it sends. */
export const needsConsent = ({ side, deletes }: Operation): boolean => side !== "none" || deletes;

/** What is about to be done, in a few words. */
export const titleOf = ({ summary }: Operation): string => summary.replace(/\..*$/s, "");

/** What one command does. */
export interface Task {
  readonly operation: Operation;
  readonly ids: readonly string[];
  readonly input: Record<string, unknown> | undefined;
  /** The idempotency key. */
  readonly key?: string | undefined;
}

/** What the method takes: ids, input, options. */
export const argumentsOf = ({ operation, ids, input }: Task, options: RequestOptions): unknown[] => [
  ...ids,
  ...(operation.accepts === "nothing" || (operation.id === "calls.get" && input === undefined) ? [] : [input]),
  options,
];
