// Type test: compiled by `tsc`, never run. Events narrow by `event` and `channel`, whatever servers hand
// over is accepted, and what cannot be right is not.

import type {
  CallEndedData,
  ReactionData,
  TextMessageData,
  VoiceAnswer,
  VoiceMessageData,
  WebhookEvent,
} from "agentphone-wasm";
import { AgentPhoneError, voice, WebhookVerificationError, webhooks } from "agentphone-wasm";

import * as alone from "agentphone-wasm/webhooks";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

/** By `event`, and a message by `channel`. */
export const narrowed = (event: WebhookEvent): string | undefined => {
  switch (event.event) {
    case "agent.message":
      if (event.channel === "voice") return (same<typeof event.data, VoiceMessageData>(true), event.data.transcript);
      same<typeof event.data, TextMessageData>(true);
      return event.channel === "whatsapp" ? event.data.message : event.data.mediaUrls[0];
    case "agent.reaction":
      same<typeof event.data, ReactionData>(true);
      return event.data.reactionType;
    case "agent.call_ended":
      same<typeof event.data, CallEndedData>(true);
      return event.data.transcript.map((turn) => turn.content).join();
    // @ts-expect-error no such event: a typing mistake is found
    case "agent.mesage":
      return undefined;
    default:
      same<typeof event.data, unknown>(true);
      return event.delivery.id ?? undefined;
  }
};

/** What the API writes as the text `None` is null for whoever reads it, and TypeScript says so. */
export const nullable = (
  text: TextMessageData,
  turn: VoiceMessageData,
  reaction: ReactionData,
  ended: CallEndedData,
  event: WebhookEvent,
): void => {
  const history = event.recentHistory[0];
  same<typeof event.timestamp, string | null>(true);
  if (history) same<typeof history.at, string | null>(true);
  for (const value of [history?.role, history?.direction, history?.channel, turn.contact]) if (value === null) return;
  same<typeof text.from, string | null>(true);
  same<typeof text.to, string | null>(true);
  for (const value of [text, turn, reaction, ended]) if (value.direction === null) return;
  for (const value of [turn, ended]) if (value.status === null) return;
  const member = text.group?.participants[0];
  if (member) same<typeof member.identifier, string | null>(true);
};

/** Bodies and headers as servers give them. */
export const accepted = (
  request: Request,
  node: Record<string, string | string[] | undefined>,
  bytes: Uint8Array,
): WebhookEvent[] => {
  const secret = "whsec_x";
  return [
    webhooks.verify({ body: "{}", headers: request.headers, secret }),
    webhooks.verify({
      body: bytes,
      headers: node,
      secret: [secret, "whsec_y"],
      tolerance: 60,
      now: new Date(),
      scheme: "v1",
    }),
    webhooks.verify({ body: bytes.buffer as ArrayBuffer, headers: new Map([["x", "y"]]), secret, now: Date.now() }),
    webhooks.verify({ body: "{}", headers: [["x", "y"]], secret, tolerance: undefined }),
    webhooks.verify({ body: "{}", headers: webhooks.sign({ body: "{}", secret }), secret, scheme: "body" }),
    // @ts-expect-error a parsed body cannot be verified
    webhooks.verify({ body: {}, headers: {}, secret }),
    // @ts-expect-error without a secret nothing can
    webhooks.verify({ body: "{}", headers: {} }),
    // @ts-expect-error a misspelt option would leave the default in place
    webhooks.verify({ body: "{}", headers: {}, secret, tolerence: 1 }),
  ];
};

/** Why it was refused. */
export const why = (error: unknown): string | undefined => {
  if (error instanceof WebhookVerificationError) return error.reason === "too_old" ? "check the clock" : error.reason;
  return AgentPhoneError.is(error) && error.code === "WEBHOOK_SIGNATURE_INVALID" ? error.reason : undefined;
};

/** An event, an error or a function of either entry serves the other. */
export const either = (event: WebhookEvent, other: alone.WebhookEvent, error: unknown): unknown => {
  same<WebhookEvent, alone.WebhookEvent>(true);
  same<typeof webhooks, typeof alone.webhooks>(true);
  same<typeof voice, typeof alone.voice>(true);
  if (error instanceof alone.WebhookVerificationError) same<typeof error, WebhookVerificationError>(true);
  // @ts-expect-error the client is no part of it
  void alone.AgentPhone;
  return [webhooks.deduplicate()(other), alone.webhooks.deduplicate()(event)];
};

/** Once, with a store of one's own. */
export const once = async (
  event: WebhookEvent,
  redis: {
    set(key: string, value: string, options: object): Promise<string | null>;
    del(key: string): Promise<number>;
  },
) => {
  const seen = webhooks.deduplicate({
    store: { claim: (key, ttl) => redis.set(key, "1", { NX: true, EX: ttl }), release: (key) => redis.del(key) },
    ttl: 3600,
  });
  if (!(await seen(event))) await seen.release(event);
  // @ts-expect-error the filter knows only events and ids
  await seen(7);
};

/** Answers of every kind. */
export const answers = (model: AsyncIterable<string>): (Response | VoiceAnswer | ReadableStream<Uint8Array>)[] => [
  voice.say("Hi"),
  voice.hangup(),
  voice.response(voice.transfer("One moment")),
  voice.response(model, { fallback: "Sorry.", onError: (error) => void error }),
  voice.response((signal) => (signal.aborted ? "Bye" : model)),
  voice.stream([voice.interim("a"), "b", voice.digits("1")]),
  // @ts-expect-error digits are text: 0123 and # would be lost as a number
  voice.digits(123),
];

/** The streams of language models, as their packages type them. */
export const models = (
  openai: AsyncIterable<{ id: string; choices: { index: number; delta: { content?: string | null } }[] }>,
  anthropic: AsyncIterable<
    | { type: "message_stop" }
    | { type: "content_block_delta"; index: number; delta: { type: "text_delta"; text: string } }
  >,
  google: AsyncIterable<{
    candidates?: { content?: { parts?: { text?: string }[] } }[];
    readonly text: string | undefined;
  }>,
  langchain: AsyncIterable<{ content: string | { type: string }[]; id?: string }>,
  sdk: {
    textStream: AsyncIterable<string> & ReadableStream<string>;
    fullStream: AsyncIterable<{ type: "text-delta"; text: string } | { type: "finish" }>;
  },
): Response[] => [
  voice.response(openai),
  voice.response(anthropic),
  voice.response(async () => google),
  voice.response(langchain),
  voice.response(sdk),
  voice.response(sdk.fullStream),
  // @ts-expect-error it is called text
  voice.response({ message: "Hello" }),
];
