// Reads the API key from the environment, or from a file that only its owner can read. Never from an argument: every user
// of the machine can see it in the process list, and shells save it in their history.

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "./failure.js";
import { configFolder } from "./state.js";

/** The key file: `AGENTPHONE_API_KEY_FILE`, or else `key` in the configuration folder. */
export const keyFile = (): string => process.env.AGENTPHONE_API_KEY_FILE || join(configFolder(), "key");

const refuse = (message: string, hint: string): never => {
  throw new CommandError("CONFIGURATION_ERROR", message, { hint });
};

/** The key and its source, or undefined if there is none. */
export const findKey = (): { key: string; from: string } | undefined => {
  const given = process.env.AGENTPHONE_API_KEY?.trim();
  if (given) return { key: given, from: "AGENTPHONE_API_KEY" };
  const file = keyFile();
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return refuse(
      `the key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      `chmod 600 ${file}`,
    );
  }
  try {
    const { mode, uid } = fstatSync(handle);
    // Windows has no such modes.
    if (process.platform !== "win32") {
      if ((mode & 0o777) !== 0o600)
        refuse(
          `the key file ${file} has mode ${(mode & 0o777).toString(8).padStart(3, "0")}; it must be 600, so that other users cannot read it`,
          `chmod 600 ${file}`,
        );
      if (uid !== process.getuid?.())
        refuse(`the key file ${file} belongs to another user`, "copy the key to a file that you own");
    }
    const key = readFileSync(handle, "utf8").trim();
    return key ? { key, from: file } : undefined;
  } finally {
    closeSync(handle);
  }
};

/** The key. Throws with instructions if there is none. */
export const apiKey = (): string =>
  findKey()?.key ??
  refuse(
    "there is no API key",
    `set AGENTPHONE_API_KEY, or write the key to ${keyFile()} (mode 600); --sandbox needs no key`,
  );
