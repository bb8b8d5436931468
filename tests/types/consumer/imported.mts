// The same in a file that is an ES module by its name, and what comes by `import()`; and everything that the
// package gives, so that a name whose type is missing is found.

import type { TracerProvider } from "@opentelemetry/api";
import type { AgentPhone, CallEnd, LedgerEntry, Telemetry, WebhookEvent } from "agentphone-wasm";
import * as agentphone from "agentphone-wasm";
import type { Ledger, PostgresClient } from "agentphone-wasm/ledger";
import {
  indexedDbLedger,
  LedgerError,
  memoryLedger,
  postgresLedger,
  redisLedger,
  sqliteLedger,
} from "agentphone-wasm/ledger";
import { memoryLinks, type OpenTelemetry, openTelemetry } from "agentphone-wasm/otel";

import {
  AgentPhoneError,
  ensure,
  fetchMedia,
  voice as fillers,
  InvalidArgumentError,
  inbox,
  keepTyping,
  keywordOf,
  MediaError,
  mediaOf,
  messagesOf,
  outcomeOf,
  phone,
  segmentsOf,
  textOf,
} from "agentphone-wasm/toolkit";
import { type AgentTool, agentTools, type ToolResult, toolNames } from "agentphone-wasm/tools";

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
export const ledgers = (
  pool: PostgresClient,
  path: string,
  redis: { eval(script: string, keys: number): unknown },
): Ledger[] => {
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

/** The toolkit with the client's objects, with a ledger of one's own, and beside the other `voice`. */
export const tools = async (own: AgentPhone, event: WebhookEvent): Promise<string> => {
  const { agent, action } = await ensure.agent(own, { name: "Ada" });
  const { number } = await ensure.number(own, { externalId: "desk", agentId: agent.id }, { idempotencyKey: "desk" });
  const { webhook } = await ensure.webhook(own, { url: "https://example.com", agentId: agent.id });
  const { status, result } = await inbox({ store: memoryLedger() }).handle(event, ({ event: name }) => name.length);
  const typing = keepTyping(own, "conversation", { signal: null, every: undefined });
  typing.stop();
  const filled = fillers.fill(async (signal) => (signal.aborted ? "" : "Hi."), {
    say: ["Hm."],
    late: { hangup: true },
  });
  const response = agentphone.voice.response(filled);
  const { bytes } = await fetchMedia(new URL("https://example.com"), { fetch, types: ["image/*"] });
  const messages: { role: "user" | "assistant"; content: string }[] = messagesOf(event, { provider: "anthropic" });
  const texts = [textOf(await own.calls.get("call")), textOf(await own.calls.transcript.get("call"))];
  const { outcome } = outcomeOf(await own.calls.get("call"));
  const ended: "answered" | "voicemail" | "busy" | "no-answer" | "failed" | "pending" = outcome;
  const keyword: "stop" | "start" | "help" | undefined = keywordOf("STOP");
  const [piece] = segmentsOf("text", { maxSegments: 1 }).pieces;
  const length: number = result ?? mediaOf(event).length + bytes.length;
  return [
    action,
    number.id,
    webhook.secret,
    status,
    length,
    response.status,
    messages.length,
    texts,
    ended,
    keyword,
    piece?.units,
    phone.e164("4155550100"),
  ].join();
};
/** The tools for models, as plain objects. */
export const models = async (own: AgentPhone, ledger: Ledger): Promise<ToolResult["status"]> => {
  const all: AgentTool[] = agentTools(own, {
    agentId: "agent",
    only: ["place_call", "usage"],
    ledger,
    window: undefined,
  });
  const [place] = all;
  if (place === undefined) throw new Error("no tool");
  // @ts-expect-error No such tool.
  agentTools(own, { only: ["dial"] });
  const { status, result } = await place.execute({ to: "+14155550100" }, { signal: undefined, callId: "1" });
  const id: unknown = result?.call_id;
  const wanted: unknown = place.input["~standard"].jsonSchema.input({ target: "draft-07" }).properties;
  return id && wanted && toolNames.length > 0 ? status : "failed";
};
/** Errors of the toolkit are those of the client, and one of its own. */
export const refused = (error: unknown): string =>
  error instanceof MediaError && error instanceof AgentPhoneError
    ? error.reason
    : error instanceof InvalidArgumentError
      ? error.code
      : "";

/** Telemetry of OpenTelemetry, and one of one's own. */
export const followed = async (
  tracerProvider: TracerProvider,
  event: WebhookEvent,
): Promise<agentphone.AgentPhone[]> => {
  const telemetry: OpenTelemetry = openTelemetry({
    tracerProvider,
    links: memoryLinks({ max: undefined }),
    http: "auto",
  });
  const length: number = await telemetry.webhook(event, async ({ event: name }) => name.length);
  const ends: CallEnd[] = [];
  const own: Telemetry = {
    start: ({ operation }) => (operation ? { ended: (end) => void ends.push(end) } : undefined),
  };
  return [telemetry, own, length > 0 ? null : undefined].map((one) => new agentphone.AgentPhone({ telemetry: one }));
};
