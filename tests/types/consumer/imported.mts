// The same in a file that is an ES module by its name, and what comes by `import()`; and everything that the
// package gives, so that a name whose type is missing is found.

import type { AgentPhone, LedgerEntry } from "agentphone-wasm";
import * as agentphone from "agentphone-wasm";
import type { Ledger, PostgresClient } from "agentphone-wasm/ledger";
import { indexedDbLedger, LedgerError, memoryLedger, postgresLedger, redisLedger, sqliteLedger } from "agentphone-wasm/ledger";

export const client: AgentPhone = new agentphone.AgentPhone();

export const later = async (): Promise<AgentPhone> => {
  const { AgentPhone: Later } = await import("agentphone-wasm");
  const { createSandbox } = await import("agentphone-wasm/sandbox");
  const { url, fetch } = createSandbox();
  return new Later({ apiKey: "sk_test", baseUrl: url, fetch });
};

/** Each class of errors is a class of its own, and narrow. */
export const codes = (error: agentphone.AnyAgentPhoneError): string => {
  if (error instanceof agentphone.MessagingLimitError) return error.code;
  const unsure: true | undefined =
    error instanceof agentphone.DeliveryUnconfirmedError ? error.outcomeUnknown : undefined;
  return unsure ? "unsure" : error.code;
};

/** Ledgers over drivers whose types are their own. */
export const ledgers = (pool: PostgresClient, path: string, redis: { eval(script: string, keys: number): unknown }): Ledger[] => {
  const own: Ledger = memoryLedger({ retention: undefined });
  const all = [own, postgresLedger(pool, { namespace: "a", timeout: 5000 }), redisLedger(redis), indexedDbLedger("a")];
  const file = sqliteLedger(path, { busyTimeout: 100 });
  void file.close();
  return [...all, file];
};

export const counted = async (ledger: Ledger): Promise<number> => {
  const [entry]: (LedgerEntry | undefined)[] = await ledger.read(["a"]);
  const written: boolean = await ledger.write([{ key: "a", was: entry?.stamp ?? null, entry: null }]);
  return written ? 1 : (await ledger.open({ limit: 1, after: undefined })).length;
};

export const reason = (error: unknown): string => {
  if (!(error instanceof LedgerError)) return "";
  const code: "INVALID_ARGUMENT" | "LEDGER_CONFIGURATION" | "LEDGER_VERSION" | "LEDGER_UNAVAILABLE" = error.code;
  return code;
};

// @ts-expect-error No such export.
export type Missing = agentphone.AgentPhones;
