// What `listen` must restore, saved before it changes anything: a killed process cannot restore anything, so the next start
// does it.

import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { AgentPhone, Webhook } from "agentphone-wasm";
import { usage } from "../failure.js";
import { keptIn } from "../state.js";

/** A webhook that was replaced. */
export interface ListenRecord {
  /** The process that replaced it. */
  readonly pid: number;
  /** The API that it belongs to. */
  readonly baseUrl: string;
  readonly subAccount: string | null;
  /** The agent; null for the webhook of the project. */
  readonly agent: string | null;
  /** What it was set to while listening. */
  readonly url: string;
  /** The previous webhook; null if there was none. */
  readonly before: Pick<Webhook, "url" | "contextLimit" | "timeout"> | null;
}

const folder = (): string => keptIn("listen");

/** Writes a record durably; returns a function that deletes it. */
export const writeRecord = (record: ListenRecord): (() => void) => {
  const file = join(folder(), `${record.pid}-${Date.now()}.json`);
  const forget = () => rmSync(file, { force: true });
  const handle = openSync(file, "wx", 0o600);
  try {
    writeSync(handle, JSON.stringify(record));
    fsyncSync(handle);
  } catch (error) {
    forget();
    const { code } = error as NodeJS.ErrnoException;
    throw usage(`the previous webhook could not be saved in ${folder()} (${code}); nothing was changed`);
  } finally {
    closeSync(handle);
  }
  return forget;
};

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** A record that is kept. */
export interface KeptRecord {
  readonly record: ListenRecord;
  readonly file: string;
  /** Whether its process may still be listening; if not, it ended without restoring. */
  readonly isAlive: boolean;
  readonly forget: () => void;
}

/** All records. */
export const allRecords = (): KeptRecord[] =>
  readdirSync(folder()).flatMap((name) => {
    const file = join(folder(), name);
    const forget = () => rmSync(file, { force: true });
    try {
      const record = JSON.parse(readFileSync(file, "utf8")) as ListenRecord;
      return [{ record, file, isAlive: record.pid !== process.pid && lives(record.pid), forget }];
    } catch {
      // An incomplete record: its process was killed before it changed anything, or is still writing it.
      if (!lives(Number.parseInt(name, 10))) forget();
      return [];
    }
  });

/** The webhook of an agent, or of the project. */
export const webhookOf = (
  client: AgentPhone,
  agent: string | null,
): Pick<AgentPhone["webhooks"], "get" | "set" | "delete"> => {
  if (agent === null) return client.webhooks;
  const { webhook } = client.agents;
  return {
    get: (options) => webhook.get(agent, options),
    set: (body, options) => webhook.set(agent, body, options),
    delete: (options) => webhook.delete(agent, options),
  };
};

/**
 * Restores the previous webhook, unless somebody else has changed it in the meantime. Returns the new secret if a webhook was
 * restored: the API generates one at each change.
 */
export const restore = async (
  client: AgentPhone,
  { agent, url, before }: ListenRecord,
): Promise<string | undefined> => {
  const webhook = webhookOf(client, agent);
  const now = await webhook.get();
  if (now?.url !== url) return undefined;
  if (before === null) {
    await webhook.delete();
    return undefined;
  }
  const { contextLimit, timeout } = before;
  const { secret } = await webhook.set({ url: before.url, contextLimit, ...(timeout !== undefined && { timeout }) });
  return secret;
};
