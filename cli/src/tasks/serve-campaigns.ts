// The campaigns in the console of `agentphone sandbox` and `agentphone console`: opens their store, and answers the page.

import { existsSync } from "node:fs";
import type { CampaignStore } from "../campaign/store/store.js";
import { flagsOf, type Given, openedStore, storeAddress, told } from "./campaign-store.js";

const PATH = "/__sandbox/campaigns";

export interface ServedCampaigns {
  readonly mount: { readonly path: string; readonly fetch: (request: Request) => Promise<Response> };
  close(): Promise<void>;
}

/** A store that was named is opened now, so that a wrong address ends the command. The usual file is opened when it exists. */
export const openCampaigns = async (given: Given, isSandbox: boolean): Promise<ServedCampaigns> => {
  const isNamed = typeof given.store === "string";
  const address = storeAddress({ sandbox: isSandbox }, given);
  let opened: Promise<CampaignStore> | undefined;
  const open = async (): Promise<CampaignStore | undefined> => {
    if (opened === undefined) {
      if (!isNamed && !existsSync(address)) return undefined;
      opened = openedStore({ sandbox: isSandbox }, given);
      opened.catch(() => (opened = undefined));
    }
    return opened;
  };
  if (isNamed)
    try {
      await open();
    } catch (error) {
      throw told(error);
    }
  const { campaignHandler } = await import("../campaign/http/handler.js");
  const fetch = campaignHandler({
    store: open,
    path: PATH,
    flags: flagsOf(isSandbox, given.store as string | undefined),
  });
  return {
    mount: { path: PATH, fetch },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
};
