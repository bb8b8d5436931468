// The store of the command line's campaigns: `--store`, or else a file. The local AgentPhone has a separate file.

import { join } from "node:path";
import type { CampaignStore } from "../campaign/store/store.js";
import { CommandError, EXIT } from "../failure.js";
import type { Context, Settings } from "../settings.js";
import { keptIn } from "../state.js";

export type Given = Readonly<Record<string, unknown>>;

const EXITS: Readonly<Record<string, number>> = {
  INVALID_CAMPAIGN: EXIT.usage,
  INVALID_PEOPLE: EXIT.usage,
  CAMPAIGN_EXISTS: EXIT.refused,
  NO_CAMPAIGN: EXIT.usage,
  WRONG_STATE: EXIT.refused,
  WRONG_ACCOUNT: EXIT.refused,
  STORE_CONFIGURATION: EXIT.usage,
  STORE_VERSION: EXIT.refused,
  STORE_UNAVAILABLE: EXIT.unreached,
};

/** The address of the store that a command uses. */
export const storeAddress = ({ sandbox }: Settings, given: Given): string =>
  typeof given.store === "string"
    ? given.store
    : join(sandbox ? keptIn("sandbox") : keptIn("campaigns"), "campaigns.db");

/** Converts a campaign error to an error of the command line, with its exit code. */
export const told = (error: unknown): unknown => {
  const { code, message } = error as { code?: string; message?: string };
  const exit = EXITS[code ?? ""];
  return exit === undefined ? error : new CommandError(code ?? "", message ?? "", { exit });
};

/** Opens the store, does the work, and closes the store. */
export const withStore = async <T>(
  { settings }: Context,
  given: Given,
  work: (store: CampaignStore) => Promise<T>,
): Promise<T> => {
  try {
    const { openStore } = await import("../campaign/store/open.js");
    const store = await openStore(storeAddress(settings, given));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    throw told(error);
  }
};
