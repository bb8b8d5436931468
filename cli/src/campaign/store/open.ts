// Selects the store for an address.

import { type CampaignStore, StoreError } from "./store.js";

/** Opens `postgres://…`, `redis://…`, or the path of a SQLite file. */
export const openStore = async (address: string): Promise<CampaignStore> => {
  if (/^postgres(ql)?:\/\//.test(address)) return (await import("./postgres.js")).postgresStore(address);
  if (/^rediss?:\/\//.test(address)) return (await import("./redis.js")).redisStore(address);
  if (/^[a-z]+:\/\//i.test(address))
    throw new StoreError(
      "STORE_CONFIGURATION",
      "the store must be postgres://…, redis://…, or the path of a SQLite file",
    );
  return (await import("./sqlite.js")).sqliteStore(address);
};
