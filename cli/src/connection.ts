// The client of one command. It is imported only when a command talks to the API: `--help` and completion must not wait
// for a WebAssembly module.

import type { AgentPhone, Ledger, RequestOptions } from "agentphone-wasm";
import { apiKey, findKey } from "./api-key.js";
import { accountLedger } from "./ledger/account-ledger.js";
import { folderLedger } from "./ledger/folder-ledger.js";
import type { Operation } from "./operation.js";
import type { Context } from "./settings.js";

export interface Connection {
  readonly client: AgentPhone;
  /** Where its idempotency keys are kept. */
  readonly ledger: Ledger;
  /** The real address of the API. */
  readonly origin: string;
  close(): Promise<void>;
}

export const BASE_URL = "https://api.agentphone.ai";

/** The address of the API without a sandbox. */
export const baseUrl = (): string => process.env.AGENTPHONE_BASE_URL || BASE_URL;

/** Default seconds for all attempts of a command. The key of a killed command is held for as long, and up to a minute more (docs/cli.md). */
export const MAX_TIME = 60;

const MILLISECONDS = 1_000;

/** Options of each request of a command. */
export const requestOptions = ({ signal }: Context): RequestOptions => ({ signal });

export interface ConnectOptions {
  /** Whether the operation needs the API key. */
  readonly keyed?: boolean;
  /** The command runs for long: other commands with `--sandbox` must be able to use the same local AgentPhone. */
  readonly announce?: boolean;
  /** The store of idempotency keys. Default: the state folder of the command line. */
  readonly ledger?: Ledger;
}

/** Connects to the account, or with `--sandbox` to the local AgentPhone. */
export const connect = async (
  context: Context,
  { keyed = true, announce, ledger: own }: ConnectOptions = {},
): Promise<Connection> => {
  const { settings, printer } = context;
  const { sandbox, subAccount, maxTime = MAX_TIME, verbose } = settings;
  const [{ AgentPhone }, local] = await Promise.all([
    import("agentphone-wasm"),
    sandbox ? import("./sandbox/local.js").then(({ joinSandbox }) => joinSandbox(context, announce)) : undefined,
  ]);
  const url = local?.url ?? baseUrl();
  const key = local ? "sk_sandbox" : keyed ? apiKey() : (findKey()?.key ?? null);
  const ledger = own ?? (local ? folderLedger(local.ledger) : accountLedger());
  const client = new AgentPhone({
    apiKey: key,
    baseUrl: url,
    ...(local && { fetch: local.fetch }),
    ...(subAccount !== undefined && { subAccount }),
    totalTimeout: maxTime * MILLISECONDS,
    ledger,
    logLevel: "off",
    ...(verbose && {
      hooks: {
        onRequest: ({ operation, attempt }) =>
          printer.note(`${operation}: attempt ${attempt}`, { note: "request", operation, attempt }),
        onRetry: ({ operation, attempt, delay }) =>
          printer.note(`${operation}: attempt ${attempt} failed; retrying in ${Math.round(delay)} ms`, {
            note: "retry",
            operation,
            attempt,
            delay: Math.round(delay),
          }),
      },
    }),
  });
  return {
    client,
    ledger,
    origin: local?.origin ?? url,
    close: async () => {
      client.dispose();
      await local?.close();
    },
  };
};

/** Connects, does the work, and closes everything. */
export const withConnection = async <T>(
  context: Context,
  work: (connection: Connection) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> => {
  const connection = await connect(context, options);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
};

/** The method of an operation, with the object that it belongs to. */
export const methodOf = (client: AgentPhone, { id }: Operation): ((...args: unknown[]) => unknown) => {
  const names = id.split(".");
  const last = names.pop() ?? "";
  // biome-ignore lint/suspicious/noExplicitAny: the names come from the client's own table.
  const owner = names.reduce((object, name) => object[name], client as any);
  return (...args) => owner[last](...args);
};
