// `agentphone listen`: the events of an agent on this machine. With the sandbox they arrive directly. From a real account they arrive
// through the user's tunnel, by the webhook of a development agent, which is restored at the end.

import { once } from "node:events";
import type { AgentPhone } from "agentphone-wasm";
import colors from "picocolors";
import { baseUrl, type Connection, requestOptions, withConnection } from "../connection.js";
import { consent } from "../consent.js";
import { CommandError, EXIT, usage } from "../failure.js";
import { line } from "../output/text.js";
import { policyFile, policyOptions } from "../policy/file.js";
import type { Context } from "../settings.js";
import { allRecords, type ListenRecord, restore, webhookOf, writeRecord } from "./listen-records.js";
import { type Delivered, receive } from "./receiver.js";

interface Options {
  readonly forwardTo: string;
  readonly agent?: string;
  readonly tunnel?: string;
  readonly port?: number;
  readonly replaceSecret?: boolean;
}

const urlOf = (text: string, name: string, protocols: readonly string[]): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol))
    throw usage(`${name} must be an absolute URL that starts with ${protocols.map((one) => `${one}//`).join(" or ")}`);
  return url;
};

/** Addresses of this machine: a tunnel to one of them needs no TLS. */
const LOCAL = ["127.0.0.1", "localhost", "[::1]"];

const tunnelOf = (text: string): string => {
  const url = urlOf(text, "--tunnel", ["https:", "http:"]);
  if (url.protocol === "http:" && !LOCAL.includes(url.hostname)) throw usage("--tunnel must start with https://");
  return url.href;
};

/** The API and sub-account in the records of this account. */
const account = ({ settings }: Context): Pick<ListenRecord, "baseUrl" | "subAccount"> => ({
  baseUrl: settings.sandbox ? "sandbox" : baseUrl(),
  subAccount: settings.subAccount ?? null,
});

/** Prints the new secret: the program behind the restored webhook must know it. */
const tellSecret = ({ printer }: Context, { agent }: ListenRecord, secret: string | undefined): void => {
  if (secret === undefined) return;
  const whose = agent === null ? "The project" : `The agent ${agent}`;
  printer.note(`${whose} has its webhook back. The new secret is ${secret}`, { note: "secret", agent, secret });
};

/** Restores the webhooks that earlier runs did not restore because they were killed. */
const restoreLeft = async (context: Context, client: AgentPhone, agent: string | null): Promise<void> => {
  const own = account(context);
  for (const { record, file, isAlive, forget } of allRecords()) {
    if (record.baseUrl !== own.baseUrl || record.subAccount !== own.subAccount) continue;
    if (isAlive) {
      if (record.agent !== agent) continue;
      throw new CommandError("LISTENING", `process ${record.pid} is already listening`, {
        exit: EXIT.refused,
        hint: `if it is not, remove ${file}`,
      });
    }
    const secret = await restore(client, record);
    forget();
    context.printer.note("Restored a webhook that an earlier run had left.", {
      note: "restored",
      agent: record.agent,
    });
    tellSecret(context, record, secret);
  }
};

const shown = ({ event, status, ms, problem }: Delivered): string => {
  const now = new Date().toTimeString().slice(0, 8);
  const name = line(`${event.event} ${event.channel ?? ""}`).padEnd(24);
  const result =
    status === undefined
      ? colors.red(`no response (${problem})`)
      : status < 300
        ? colors.green(status)
        : colors.red(status);
  return `${colors.dim(now)}  ${name}  ${result} ${colors.dim(`${ms} ms`)}`;
};

/** It sets a webhook, which the policy of this machine may forbid. */
const allowed = async (): Promise<void> => {
  const file = policyFile(undefined);
  if (file === undefined) return;
  const { policy } = await import("agentphone-wasm/tools");
  if (!policy(policyOptions(file)).allows("listen", "change"))
    throw new CommandError("TOOL_NOT_ALLOWED", "the policy refused: listen sets a webhook, which is not allowed here", {
      exit: EXIT.refused,
    });
};

/** `agentphone listen --forward-to URL`. */
export const listen = async (context: Context, given: Readonly<Record<string, unknown>>): Promise<number> => {
  const { agent = null, tunnel, port = 0, replaceSecret } = given as unknown as Options & { agent?: string | null };
  const { printer, settings, signal } = context;
  const forwardTo = urlOf((given as unknown as Options).forwardTo, "--forward-to", ["http:", "https:"]);
  if (!settings.sandbox) {
    if (agent === null || tunnel === undefined)
      throw usage(
        "a real account needs --agent and --tunnel",
        "--tunnel is the public address of your tunnel (cloudflared, ngrok) to --port; --sandbox needs neither",
      );
    if (port === 0) throw usage("--tunnel needs --port: the port that the tunnel leads to");
  }
  await allowed();
  const publicUrl = tunnel === undefined ? undefined : tunnelOf(tunnel);

  const work = async ({ client }: Connection): Promise<number> => {
    await restoreLeft(context, client, agent);
    const webhook = webhookOf(client, agent);
    const before = await webhook.get(requestOptions(context));
    if (before !== null && !settings.sandbox) {
      if (!replaceSecret)
        throw new CommandError("WEBHOOK_EXISTS", "this agent has its own webhook, whose secret would be lost", {
          exit: EXIT.refused,
          hint: "the API generates a new secret at each change: use an agent without a webhook, or accept that with --replace-secret",
        });
      await consent(context, "The webhook of this agent gets a new secret now, and another one at the end");
    }
    let secret: string | undefined;
    const programSecret = process.env.AGENTPHONE_WEBHOOK_SECRET || before?.secret;
    const receiver = await receive({
      port,
      forwardTo,
      secret: () => secret,
      programSecret,
      ...(settings.sandbox && { tolerance: 86_400 * 365 }),
      onDelivery: (delivered) => {
        const { event, ...result } = delivered;
        const told = printer.forPrograms ? printer.value({ event, ...result }) : printer.write(`${shown(delivered)}\n`);
        // Without standard output the command ends, and restores the webhook first.
        told.catch(() => {});
        void client.effects.observe(event).catch(() => {});
      },
      onRefused: () => printer.note("A request without a valid signature was refused.", { note: "refused" }),
    });
    const url = publicUrl ?? `http://127.0.0.1:${receiver.port}/`;
    const record: ListenRecord = {
      pid: process.pid,
      ...account(context),
      agent,
      url,
      before: before && { url: before.url, contextLimit: before.contextLimit, timeout: before.timeout },
    };
    let forget: (() => void) | undefined;
    try {
      forget = writeRecord(record);
      const { contextLimit } = before ?? {};
      ({ secret } = await webhook.set(
        { url, ...(contextLimit !== undefined && { contextLimit }) },
        requestOptions(context),
      ));
      const signedBy = programSecret === undefined ? { secret } : {};
      printer.note(
        [
          `Listening; events are forwarded to ${forwardTo.href}. Ctrl-C stops and restores the webhook.`,
          ...(programSecret === undefined ? [`Your program must verify with the secret ${secret}`] : []),
        ].join("\n"),
        { note: "listening", port: receiver.port, ...signedBy },
      );
      if (!signal.aborted) await once(signal, "abort");
      return EXIT.done;
    } finally {
      try {
        // Without a record nothing was changed.
        if (forget !== undefined) tellSecret(context, record, await restore(client, record));
        forget?.();
      } finally {
        await receiver.close();
      }
    }
  };
  return withConnection(context, work, { announce: true });
};
