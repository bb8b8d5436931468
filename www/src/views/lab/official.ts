// The same request through the official SDK (`agentphone` on npm), with as many retries and the same time limit.

import type { AgentPhone, AgentPhoneClient } from "agentphone";
import type { Operation } from "./operations.js";
import type { Sender } from "./other.js";

/** This console was built without the SDK. */
export class NotIncluded extends Error {}

type Options = Parameters<AgentPhoneClient["calls"]["createOutboundCall"]>[1];
interface Sent {
  withRawResponse(): Promise<{ rawResponse: { status: number } }>;
}
type Method = (sdk: AgentPhoneClient, body: unknown, options: Options) => Sent;

/** Its methods, which take what goes over the wire. */
const METHODS: Partial<Record<Operation["id"], Method>> = {
  "calls.create": (sdk, body, options) =>
    sdk.calls.createOutboundCall(body as AgentPhone.CreateOutboundCallRequest, options),
  "messages.send": (sdk, body, options) => sdk.messages.sendMessage(body as AgentPhone.SendMessageRequest, options),
  "numbers.buy": (sdk, body, options) => sdk.numbers.createNumber(body as AgentPhone.CreateNumberRequest, options),
  "webhooks.set": (sdk, body, options) =>
    sdk.webhooks.createOrUpdateWebhook({ body: body as AgentPhone.WebhookCreateRequest }, options),
};

/** Sends it through the SDK. */
export const officially: Sender = async ({ request: { url, init }, choice, fetch, signal }) => {
  const { AgentPhoneClient, AgentPhoneError, AgentPhoneTimeoutError } = await load();
  const method = METHODS[choice.operation.id];
  if (method === undefined) throw new Error(`The official SDK has no method for ${choice.operation.id}.`);
  const sdk = new AgentPhoneClient({ token: "sk_sandbox_page", baseUrl: new URL(url).origin, fetch });
  try {
    const { rawResponse } = await method(sdk, JSON.parse(String(init.body)), {
      maxRetries: choice.retries,
      abortSignal: signal,
      ...(choice.timeout === undefined ? {} : { timeoutInSeconds: choice.timeout / 1000 }),
    }).withRawResponse();
    return `HTTP ${rawResponse.status}`;
  } catch (error) {
    signal.throwIfAborted();
    // Its classes name themselves, and the build shortens their names.
    if (error instanceof AgentPhoneTimeoutError) return `AgentPhoneTimeoutError: ${error.message}`;
    if (error instanceof AgentPhoneError)
      return `AgentPhoneError${error.statusCode === undefined ? `: ${firstLine(error)}` : `, HTTP ${error.statusCode}`}`;
    return error instanceof Error ? `${error.name}: ${firstLine(error)}` : String(error);
  }
};

/** An error repeats the whole body of the response below it. */
const firstLine = ({ message }: Error): string => message.split("\n", 1)[0] ?? "";

const load = (): Promise<typeof import("./official-sdk.js")> =>
  import("./official-sdk.js").catch(() => {
    throw new NotIncluded("The official SDK is not part of this console.");
  });
