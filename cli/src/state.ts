// The persistent files of the command line: the ledger of idempotency keys, webhooks to be restored, the local
// AgentPhone. The folder belongs to the user. Except for campaigns and the local AgentPhone's
// state, nothing in it contains an API key, a phone number or a text.

import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { usage } from "./failure.js";

const { env, platform } = process;

/** The folder of all state: `AGENTPHONE_STATE_DIR`, or else the platform's default. */
export const stateFolder = (): string => {
  if (env.AGENTPHONE_STATE_DIR) return env.AGENTPHONE_STATE_DIR;
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "agentphone");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "agentphone");
  return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "agentphone");
};

/** The default folder of the key file. */
export const configFolder = (): string => {
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "agentphone");
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "agentphone");
};

/** A subfolder of the state folder, created if missing and readable only by its owner. */
export const keptIn = (...names: string[]): string => {
  const folder = join(stateFolder(), ...names);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usage(`the state folder ${folder} cannot be written (${code})`, "AGENTPHONE_STATE_DIR names another folder");
  }
  return folder;
};
