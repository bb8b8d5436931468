// The sub-accounts, read once for all who show them, and how one goes into one of them and out again.

import type { SubAccount } from "agentphone-wasm";
import { mayLeave } from "../app/location.js";
import { account, masterApi } from "../session/session.js";
import { queries, useApi } from "./queries.js";

/** As many as an account may have. */
export const MOST_SUB_ACCOUNTS = 500;

/** The API's types leave everything open; without an id there is nothing that one could do with it. */
export type KnownSubAccount = SubAccount & { id: string };
const isKnown = (sub: SubAccount): sub is KnownSubAccount => sub.id !== undefined;

/** What it is called. */
export const nameOf = ({ id, name }: KnownSubAccount): string => name ?? id;

/** All of them, whichever one acts in. */
export const useSubAccounts = () =>
  useApi(["sub-accounts"], async (_, signal) =>
    (await masterApi().subAccounts.list({ limit: 100 }, { signal }).toArray({ limit: MOST_SUB_ACCOUNTS })).filter(
      isKnown,
    ),
  );

/** Acts in a sub-account from now on; null for the account itself. False when one would rather save something first. */
export async function actIn(id: string | null): Promise<boolean> {
  if (!(await mayLeave())) return false;
  account.value = id;
  void queries.invalidateQueries();
  return true;
}
