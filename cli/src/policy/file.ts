// The policy of a command: a JSON file with its options, named by `--policy` or, for all commands of a machine, by AGENTPHONE_POLICY.

import { readFileSync } from "node:fs";
import type { PolicyOptions } from "agentphone-wasm/tools";
import { usage } from "../failure.js";

/** Options that JSON cannot represent or that the command sets itself. */
const NOT_IN_A_FILE = ["ledger", "now"];

/** The file of a command. `--policy` overrides the environment. */
export const policyFile = (given: string | undefined): string | undefined =>
  given ?? (process.env.AGENTPHONE_POLICY || undefined);

export const policyOptions = (file: string): PolicyOptions => {
  let text: string;
  try {
    text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw usage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, which may contain phone numbers and the secret of approvals.
    throw usage(`${file} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usage(`${file} must contain one JSON object`);
  const wrong = NOT_IN_A_FILE.find((name) => name in value);
  if (wrong !== undefined) throw usage(`${file} must not have the option ${wrong}`);
  return value as PolicyOptions;
};
