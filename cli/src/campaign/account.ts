// Which account a campaign belongs to: the address of the API and the sub-account. The ledger keeps the keys of different ones
// apart, so a worker with another one would not find what was sent, and would call people a second time.

import type { AgentPhone } from "agentphone-wasm";
import { CampaignError } from "./error.js";
import type { Campaign } from "./types.js";

/** Where a client shows which account it uses; the symbol is the same in every copy of the package. */
const LEDGER = Symbol.for("agentphone.ledger");

/** The account of a client: its address and sub-account, as JSON. */
export const accountOf = (client: AgentPhone): string | undefined => {
  const { scope } = (client as unknown as Record<symbol, { readonly scope?: unknown } | undefined>)[LEDGER] ?? {};
  return typeof scope === "string" ? scope : undefined;
};

/** An account in words. */
const shown = (account: string): string => {
  const [address, subAccount] = JSON.parse(account) as [string, string | null | undefined];
  return `${address}${subAccount ? `, sub-account ${subAccount}` : ""}`;
};

/** Throws if a client would continue the campaign of another account. */
export const checkAccount = ({ settings }: Campaign, client: AgentPhone): void => {
  const [planned, own] = [settings.account, accountOf(client)];
  if (planned === undefined || own === undefined || planned === own) return;
  throw new CampaignError(
    "WRONG_ACCOUNT",
    `the campaign was planned with ${shown(planned)}, and this client uses ${shown(own)}: people in doubt there would be called again, so use the same address and sub-account`,
  );
};
