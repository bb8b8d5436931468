// The files of the local AgentPhone between commands: its state, the ledger of its idempotency keys, and the address of
// the instance that `agentphone sandbox` has started, if one is running.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptIn } from "../state.js";

const home = (): string => keptIn("sandbox");

export const stateFile = (): string => join(home(), "state.json");
/** Separate from that of real accounts: a sandbox can be discarded together with its keys. */
export const ledgerFolder = (): string => join(home(), "ledger");
const runningFile = (): string => join(home(), "running.json");

/** Whether there is the state of a previous local AgentPhone. */
export const isKept = (): boolean => existsSync(stateFile());

/** Whether a process is using it: the sandbox creates a lock file next to its state. */
export const isLocked = (): boolean => existsSync(`${stateFile()}.lock`);

/**
 * Puts the local AgentPhone aside, so that a new one starts empty. `discard` deletes the old one; `restore` brings it back, for a
 * new one that could not start.
 */
export const setAside = (): { discard: () => void; restore: () => void } => {
  const aside = (path: string): string => `${path}.before`;
  const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
  const moved = [stateFile(), ledgerFolder()].filter((path) => existsSync(path));
  for (const path of moved) {
    remove(aside(path));
    renameSync(path, aside(path));
  }
  return {
    discard: () => {
      for (const path of moved) remove(aside(path));
    },
    restore: () => {
      for (const path of moved) {
        remove(path);
        renameSync(aside(path), path);
      }
    },
  };
};

/** Announces its address to other commands; returns a function that withdraws it. */
export const announce = (url: string): (() => void) => {
  writeFileSync(runningFile(), JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
  return () => rmSync(runningFile(), { force: true });
};

/** The address of the running instance; undefined if none responds. */
export const running = async (): Promise<string | undefined> => {
  let url: unknown;
  try {
    ({ url } = JSON.parse(readFileSync(runningFile(), "utf8")) as { url?: unknown });
  } catch {
    return undefined;
  }
  if (typeof url !== "string") return undefined;
  const alive = await fetch(`${url}/__sandbox/health`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
  return alive ? url : undefined;
};
