// `--sandbox`: any command against a local AgentPhone, with no key and no money. It uses the instance that `agentphone
// sandbox` has started. If none is running, it starts one for the duration of the command, with the previous state.

import { setTimeout as pause } from "node:timers/promises";
import { CommandError, EXIT } from "../failure.js";
import type { Context } from "../settings.js";
import { announce, isKept, isLocked, ledgerFolder, running, stateFile } from "./home.js";

export interface LocalSandbox {
  /** The client's base URL: always the same, because the ledger separates keys by address. */
  readonly url: string;
  /** Sends requests to the real address. */
  readonly fetch: typeof fetch;
  /** The real address. */
  readonly origin: string;
  /** The folder of its ledger. */
  readonly ledger: string;
  close(): Promise<void>;
}

const NAME = "http://sandbox.localhost";
/** Milliseconds to wait for other commands that are using it, and between two checks. */
const PATIENCE = 60_000;
const LOOK = 50;
/** Maximum failures without a lock: the lock was just released, or the state is unusable. */
const UNLOCKED = 20;

const at = (origin: string, close: () => Promise<void>): LocalSandbox => ({
  url: NAME,
  fetch: (input, init) => fetch(String(input).replace(NAME, origin), init),
  origin,
  ledger: ledgerFolder(),
  close,
});

/** The local AgentPhone, either running already or started here. */
export const joinSandbox = async ({ printer, signal }: Context, announced = false): Promise<LocalSandbox> => {
  const until = Date.now() + PATIENCE;
  for (let unlocked = 0; ; ) {
    const found = await running();
    if (found !== undefined) return at(found, async () => {});
    try {
      return await start(printer, announced);
    } catch (error) {
      // Another command is using its state, or has just released it.
      if (!isLocked()) unlocked += 1;
      if (unlocked > UNLOCKED || Date.now() > until)
        throw new CommandError("SANDBOX_UNAVAILABLE", (error as Error).message, { exit: EXIT.refused });
      await pause(LOOK, undefined, { signal });
    }
  }
};

const start = async (printer: Context["printer"], announced: boolean): Promise<LocalSandbox> => {
  const { serveSandbox } = await import("agentphone-wasm/sandbox");
  const isNew = !isKept();
  const demo = isNew ? (await import("agentphone-wasm/sandbox/demo")).demo({ live: false }) : false;
  const server = await serveSandbox({ stateFile: stateFile(), limits: false, demo });
  if (isNew)
    printer.note("Created a local AgentPhone with two weeks of calls and texts. Nothing rings, nothing costs money.", {
      note: "sandbox",
      started: true,
    });
  const withdraw = announced ? announce(server.url) : () => {};
  return at(server.url, async () => {
    withdraw();
    await server.close();
  });
};
