// The store of the command line's campaigns: `--store`, or else a file. The local AgentPhone has a separate file.

import { join } from "node:path";
import type { CampaignStore, OpenOptions } from "../campaign/store/store.js";
import { CommandError, EXIT, usage } from "../failure.js";
import type { Context, Settings } from "../settings.js";
import { keptIn, stateFolder } from "../state.js";

export type Given = Readonly<Record<string, unknown>>;

const EXITS: Readonly<Record<string, number>> = {
  INVALID_CAMPAIGN: EXIT.usage,
  INVALID_PEOPLE: EXIT.usage,
  CAMPAIGN_EXISTS: EXIT.refused,
  NO_CAMPAIGN: EXIT.usage,
  WRONG_STATE: EXIT.refused,
  WRONG_ACCOUNT: EXIT.refused,
  STORE_CONFIGURATION: EXIT.usage,
  STORE_MISSING: EXIT.usage,
  STORE_VERSION: EXIT.refused,
  STORE_UNAVAILABLE: EXIT.unreached,
};

const MISSING =
  "check --store, and the folder in which the command runs: only `agentphone campaign plan` creates a store";

const folderOf = ({ sandbox }: Settings): string => (sandbox ? "sandbox" : "campaigns");

/** The address of the store that a command uses. */
export const storeAddress = (settings: Settings, given: Given): string =>
  typeof given.store === "string" ? given.store : join(stateFolder(), folderOf(settings), "campaigns.db");

const isUrl = (address: string): boolean => /^[a-z]+:\/\//i.test(address);

const quoted = (text: string): string => (/^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The options by which other commands reach the same store. They are shown, so an address with a user stays out. */
export const flagsOf = (isSandbox: boolean, store: string | undefined): string => {
  const isSecret = store !== undefined && isUrl(store) && store.includes("@");
  const shown = store === undefined ? [] : [isSecret ? '--store "$STORE"' : `--store ${quoted(store)}`];
  return [...(isSandbox ? ["--sandbox"] : []), ...shown].join(" ");
};

/** A command to type next, for the same store. */
export const commandLine = ({ settings }: Pick<Context, "settings">, given: Given, words: string): string => {
  const flags = flagsOf(settings.sandbox === true, typeof given.store === "string" ? given.store : undefined);
  return `agentphone ${words}${flags && ` ${flags}`}`;
};

/** The hint of a question about a campaign. `--sandbox` would not help: it has campaigns of its own. */
export const lookFirst = (context: Context, given: Given, id: string): string =>
  `${commandLine(context, given, `campaign status ${id}`)} shows the campaign`;

/** Opens the store that a command uses. Without `create`, one that does not exist is refused: its address may be mistyped. */
export const openedStore = async (
  settings: Settings,
  given: Given,
  { create = false }: OpenOptions = {},
): Promise<CampaignStore> => {
  const address = storeAddress(settings, given);
  const { addressProblem, openStore } = await import("../campaign/store/open.js");
  const wrong = given.store === undefined ? undefined : addressProblem(address);
  if (wrong !== undefined) throw usage(`--store ${wrong.problem}`, wrong.hint);
  if (given.store === undefined) keptIn(folderOf(settings));
  return openStore(address, { create });
};

/** Converts a campaign error to an error of the command line, with its exit code. */
export const told = (error: unknown): unknown => {
  const { code, message } = error as { code?: string; message?: string };
  const exit = EXITS[code ?? ""];
  if (exit === undefined) return error;
  const hint = code === "STORE_MISSING" ? MISSING : undefined;
  return new CommandError(code ?? "", message ?? "", { exit, hint });
};

/** Opens the store, does the work, and closes the store. */
export const withStore = async <T>(
  { settings }: Context,
  given: Given,
  work: (store: CampaignStore) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> => {
  try {
    const store = await openedStore(settings, given, options);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    throw told(error);
  }
};
