// One operation of the API, from what was typed to what is printed.

import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ApiPromise, PagePromise, Recording, TranscriptStream } from "agentphone-wasm";
import { type Connection, methodOf, requestOptions, withConnection } from "./connection.js";
import { askPerson, consent } from "./consent.js";
import { dryRun } from "./dry-run.js";
import { EXIT, usage } from "./failure.js";
import { inputOf, type Typed } from "./input.js";
import { argumentsOf, needsConsent, type Operation, type Task, titleOf } from "./operation.js";
import { isLimited } from "./policy/actions.js";
import { policyFile } from "./policy/file.js";
import type { Context } from "./settings.js";

/** The idempotency key. A generated one is printed before anything is sent. */
const keyOf = (context: Context, operation: Operation): string | undefined => {
  const { settings, printer } = context;
  if (!operation.effect) return undefined;
  const key = settings.key ?? `cli-${randomUUID()}`;
  context.key = key;
  if (settings.key === undefined) printer.note(`key ${key}`, { key });
  return key;
};

const list = async (
  { settings, printer }: Context,
  operation: Operation,
  pages: PagePromise<unknown>,
): Promise<void> => {
  if (settings.all) {
    await printer.list(pages, operation.columns);
    return;
  }
  const { data, total, hasMore } = await pages;
  const shown = await printer.list(data, operation.columns);
  if (hasMore) {
    const of = total === undefined ? "" : ` of ${total}`;
    printer.note(`${shown}${of}; --all reads all pages`, {
      note: "more",
      shown,
      ...(total !== undefined && { total }),
    });
  }
};

/** Audio or a picture: into `--out`, or to standard output if that is not a terminal. */
const file = async ({ settings, printer, signal }: Context, opened: ApiPromise<Recording>): Promise<void> => {
  const { out } = settings;
  const toPipe = out === undefined || out === "-";
  if (toPipe && process.stdout.isTTY)
    throw usage("binary data is not written to a terminal", "use --out FILE or a pipe");
  const found = await opened;
  const bytes = found.stream === null ? Readable.from([]) : Readable.fromWeb(found.stream as never);
  if (toPipe) {
    for await (const chunk of bytes) await printer.write(chunk as Uint8Array);
    return;
  }
  // Never overwrites a file, and never uses a name that the API proposes. A recording is readable by its owner only.
  const to = createWriteStream(out, { flags: "wx", mode: 0o600 });
  await pipeline(bytes, to, { signal }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw usage(`${out} already exists`);
    if (error.syscall === "open") throw usage(`${out} cannot be written (${error.code})`);
    throw error;
  });
  await printer.value({ file: out, contentType: found.contentType, bytes: to.bytesWritten });
};

/** Does it, and prints the result. True: an earlier run with the key had done it already. */
const perform = async (context: Context, { client }: Connection, task: Task): Promise<boolean> => {
  const { printer } = context;
  const { operation, key } = task;
  const options = { ...requestOptions(context), ...(key !== undefined && { idempotencyKey: key }) };
  const result = methodOf(client, operation)(...argumentsOf(task, options));
  if (operation.shape === "events") {
    const { showTranscript } = await import("./tasks/watch.js");
    await showTranscript(context, result as TranscriptStream);
    return false;
  }
  if (operation.shape === "bytes" || operation.shape === "media") {
    await file(context, result as ApiPromise<Recording>);
    return false;
  }
  if (operation.pages !== "none") {
    await list(context, operation, result as PagePromise<unknown>);
    return false;
  }
  const { data, settled, replayed } = await (result as ApiPromise<unknown>).withResponse();
  if (replayed) printer.note("An earlier run with this key already did this; nothing was sent.", { note: "replayed" });
  else if (settled)
    printer.note(`The response was lost; the result was found afterwards (${settled.how}).`, {
      note: "settled",
      how: settled.how,
    });
  await printer.value(data);
  return replayed;
};

/** Asks first, if the operation needs it. */
const asked = async (context: Context, operation: Operation): Promise<void> => {
  const hint = "--dry-run shows what would be sent; --sandbox runs it without a phone and without money";
  if (needsConsent(operation)) await consent(context, titleOf(operation), operation.price, hint);
};

/** Runs an operation; resolves with the exit code. */
export const runOperation = async (
  context: Context,
  operation: Operation,
  ids: readonly string[],
  typed: Typed,
): Promise<number> => {
  const { settings } = context;
  const input = inputOf(operation, typed);
  if (settings.out !== undefined && operation.shape !== "bytes" && operation.shape !== "media")
    throw usage(`${operation.words.join(" ")} writes no file: remove --out`);
  const task: Task = { operation, ids, input };
  const policy = isLimited(operation) ? policyFile(settings.policy) : undefined;
  if (settings.dryRun) {
    await dryRun(context, task, policy);
    return EXIT.done;
  }
  if (policy === undefined) await asked(context, operation);
  const work = async (connection: Connection): Promise<void> => {
    const keyed = { ...task, key: keyOf(context, operation) };
    if (policy === undefined) {
      await perform(context, connection, keyed);
      return;
    }
    const { underPolicy } = await import("./policy/enforce.js");
    await underPolicy(policy, connection, keyed, {
      ask: (title, price) => askPerson(context, title, price),
      consent: () => asked(context, operation),
      work: (permitted) => perform(context, connection, permitted),
    });
  };
  await withConnection(context, work, { keyed: operation.keyed });
  return EXIT.done;
};
