// Errors of a store in PostgreSQL: permanent ones, which end the work and say what to do, are distinguished from those that pass and
// are repeated. The server's own words stay out: they are in its language, and may contain data.

import { StoreError } from "./error.js";

const RIGHTS =
  "this user of PostgreSQL may not do what the store needs: grant it the tables, and for the first command the right to create tables and a schema";
const TABLES =
  "a table of the store is missing or was changed in PostgreSQL: restore the database from a backup, or use another one for new campaigns";
const CERTIFICATE = "the certificate of PostgreSQL is not accepted: check sslmode and sslrootcert in the address";

/** What waiting does not fix, by SQLSTATE. */
const PERMANENT: Readonly<Record<string, string>> = {
  "28000": "PostgreSQL refused access: check user and database in the address, and the server's pg_hba.conf",
  "28P01": "PostgreSQL refused access: check user and password in the address",
  "3D000": "the database in the address does not exist in PostgreSQL: check its name, or create it",
  "3F000": RIGHTS,
  "42501": RIGHTS,
  "42P01": TABLES,
  "42P10": TABLES,
  "42703": TABLES,
  "42804": TABLES,
  XX001: "the database of the store is damaged: restore it from a backup",
  XX002: "an index of the store is damaged: rebuild it with REINDEX",
};

/** What passes, but takes someone's help. */
const PASSING: Readonly<Record<string, string>> = {
  // As during a failover.
  "25006": "PostgreSQL is read-only: if it stays a replica, use the address of the primary server",
  "53100": "the disk of PostgreSQL is full: free space on it",
  "53300": "PostgreSQL has no free connection: raise max_connections, or run fewer workers",
};

/** BullMQ creates its tables when a queue is opened, so another run repairs them. */
const QUEUE = ["3F000", "42P01", "42703", "42883"];

const isCertificate = (code: string): boolean => /^(CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_TLS_CERT)/.test(code);

/** What the driver itself refuses has no code. Its words are always the same. */
const refusedByDriver = (message: string): string | undefined => {
  if (/^SASL:/.test(message)) return "PostgreSQL refused access: the password in the address is missing or wrong";
  if (/does not support SSL/.test(message)) return "PostgreSQL has no TLS: remove sslmode from the address";
  return undefined;
};

/** The error of a store for any error: only what passes may be repeated. */
export const failed = (error: unknown): unknown => {
  if (error instanceof StoreError) return error;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const permanent = PERMANENT[code] ?? (isCertificate(code) ? CERTIFICATE : refusedByDriver(message));
  const shown = code && ` (${code})`;
  return permanent === undefined
    ? new StoreError(
        "STORE_UNAVAILABLE",
        `${PASSING[code] ?? "PostgreSQL cannot be used"}${shown || " (no connection)"}`,
        error,
      )
    : new StoreError("STORE_CONFIGURATION", `${permanent}${shown}`, error);
};

/** The same for the queue, whose tables are not those of the store. */
export const queueFailed = (error: unknown): unknown => {
  const { code = "" } = error as { code?: string };
  return QUEUE.includes(code)
    ? new StoreError(
        "STORE_CONFIGURATION",
        `the queue in the schema agentphone_queue is missing or was changed: drop the schema if it is still there, and run the command again, which creates it (${code})`,
        error,
      )
    : failed(error);
};
