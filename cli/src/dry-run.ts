// `--dry-run`: the request as it would be sent, and what it would cost. The client creates it with a transport
// that sends nothing, so it has passed the client's checks.

import { baseUrl, methodOf, withConnection } from "./connection.js";
import { argumentsOf, type Task } from "./operation.js";
import type { Context } from "./settings.js";

/** Not a failure: it stops the client before it sends. */
class Captured extends Error {}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** US dollars for a text, which depends on its length. */
const textPrice = async (input: Record<string, unknown> | undefined): Promise<object> => {
  const { segmentsOf } = await import("agentphone-wasm/toolkit");
  const { body } = input ?? {};
  if (typeof body !== "string" || body === "") return {};
  const { segments, encoding, pieces } = segmentsOf(body);
  return {
    segments,
    encoding,
    ...(pieces.length > 1 && { tooLong: `too long for one message: split it into ${pieces.length} texts` }),
  };
};

/** What a policy makes of a task. It needs the counts, and so the ledger, but not the key. */
const underPolicy = (context: Context, file: string, task: Task) =>
  withConnection(
    context,
    async ({ ledger }) => {
      const { preview } = await import("./policy/enforce.js");
      return preview(file, ledger, task);
    },
    { keyed: false },
  );

/** Shows the request of a task. `policy`: the file of the policy that the command is held to. */
export const dryRun = async (context: Context, given: Task, policy: string | undefined): Promise<void> => {
  const { settings, printer } = context;
  const { task, verdict } =
    policy === undefined ? { task: given, verdict: undefined } : await underPolicy(context, policy, given);
  const { operation, input } = task;
  const { AgentPhone } = await import("agentphone-wasm");
  const captured: Sent[] = [];
  const client = new AgentPhone({
    apiKey: operation.keyed ? "sk_dry_run" : null,
    baseUrl: settings.sandbox ? "http://127.0.0.1" : baseUrl(),
    ...(settings.subAccount !== undefined && { subAccount: settings.subAccount }),
    maxRetries: 0,
    logLevel: "off",
    fetch: async (url, init) => {
      const { authorization: _, ...headers } = Object.fromEntries(new Headers(init?.headers as HeadersInit));
      const body = typeof init?.body === "string" ? { body: JSON.parse(init.body) as unknown } : {};
      captured.push({ method: init?.method ?? "GET", url: String(url), headers, ...body });
      throw new Captured();
    },
  });
  try {
    const result = methodOf(client, operation)(...argumentsOf(task, {}));
    if (operation.shape === "events") await (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    else await result;
  } catch (error) {
    if (captured.length === 0) throw error;
  } finally {
    client.dispose();
  }
  const { price, effect, id, side } = operation;
  const text = id === "messages.send" ? await textPrice(input) : {};
  await printer.value({
    dryRun: true,
    operation: id,
    ...captured[0],
    cost: price ?? (side === "none" ? "nothing" : "not documented"),
    ...text,
    repeatsHarm: effect,
    ...(verdict !== undefined && { policy: verdict }),
  });
};
