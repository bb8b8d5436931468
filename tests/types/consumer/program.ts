// A program of a user: what is imported from every entry, in an ES module. tests/package/types.test.mjs compiles it
// against the packed package with each TypeScript, resolution and library; it is never run.

import type { Agent, AnyAgentPhoneError, Call, ClientOptions, Page, WebhookEvent } from "agentphone-wasm";
import { AgentPhone, AgentPhoneError, NotFoundError, RateLimitError, voice, webhooks } from "agentphone-wasm";
import module from "agentphone-wasm/agentphone.wasm";
import type { Sandbox, SandboxServer } from "agentphone-wasm/sandbox";
import { createSandbox, serveSandbox } from "agentphone-wasm/sandbox";
import { demo } from "agentphone-wasm/sandbox/demo";
import { createSandbox as createSlimSandbox, loadModule } from "agentphone-wasm/sandbox/slim";
import sandboxModule from "agentphone-wasm/sandbox.wasm";
import { init, AgentPhone as SlimAgentPhone } from "agentphone-wasm/slim";
import { webhooks as alone, WebhookVerificationError } from "agentphone-wasm/webhooks";

const options: ClientOptions = {
  apiKey: async () => "sk_test",
  timeout: null,
  hooks: { onRetry: ({ operation, attempt, delay }) => void [operation.length, attempt.toFixed(), delay.toFixed()] },
};
const client = new AgentPhone(options);

/** A class is a value and a type, and its static members are there. */
export class Ours extends AgentPhone {
  override withSubAccount(id: string | null): AgentPhone {
    return super.withSubAccount(id);
  }
}

/** A subclass stays one for a sub-account, where it says so. */
export class Mine extends AgentPhone {
  hello = 1;
  override withSubAccount(id: string | null): this {
    return super.withSubAccount(id) as this;
  }
}
export const hello: number = new Mine(options).withSubAccount("sub_1").hello;

/** Errors narrow by class and by code. */
export const told = (error: unknown): string => {
  if (error instanceof NotFoundError) return error.code;
  if (error instanceof RateLimitError) return String(error.retryAfter);
  if (!AgentPhoneError.is(error)) return "not ours";
  const any: AnyAgentPhoneError = error;
  switch (any.code) {
    case "VALIDATION_ERROR":
      return any.details.map(({ field, message }) => `${field}: ${message}`).join();
    case "TIMEOUT":
      return any.operation ?? "";
    default:
      return any.outcomeUnknown ? "it may have happened" : any.code;
  }
};

/** Pages: one, all, an array. */
export const pages = async (signal: AbortSignal): Promise<string[]> => {
  const names: string[] = [];
  for await (const agent of client.agents.list({ limit: 10 }, { signal })) names.push(agent.name);
  const page: Page<Agent> = await client.agents.list();
  const next: Page<Agent> | undefined = (await page.next()) ?? undefined;
  const contacts = await client.contacts.list().toArray({ limit: 5 });
  const { data, requestId, response } = await client.calls.list({ status: "completed" }).withResponse();
  return [
    ...names,
    String(next?.hasMore),
    String(contacts.length),
    String(data.total),
    requestId ?? response.headers.get("x-request-id") ?? "",
  ];
};

/** A call, its transcript as it is spoken, its recording. */
export const call = async (): Promise<Call> => {
  const placed = await client.calls.create({ agentId: "a", toNumber: "+14155550100" }, { replay: "never" });
  for await (const event of client.calls.transcript.stream(placed.id)) {
    if (event.event === "turn") void event.data.content.trim();
  }
  const recording = await client.calls.recording.get(placed.id);
  const bytes: Uint8Array = await recording.bytes();
  void [bytes.length, (await recording.blob()).size, recording.stream];
  return client.calls.wait(placed.id, { totalTimeout: 1000 });
};

/** Webhooks: what a server hands over, and what it answers. */
export const received = async (request: Request): Promise<Response> => {
  const event: WebhookEvent = webhooks.verify({
    body: await request.text(),
    headers: request.headers,
    secret: "whsec_x",
  });
  if (event.event !== "agent.message" || event.channel !== "voice") return new Response();
  return voice.response(voice.say(event.data.transcript ?? ""));
};

/** The same without the client, whose events are the same. */
export const receivedAlone = (body: string, headers: Record<string, string>): WebhookEvent | string => {
  try {
    return alone.verify({ body, headers, secret: "whsec_x" });
  } catch (error) {
    return error instanceof WebhookVerificationError ? error.reason : "";
  }
};

/** The sandbox in memory and over HTTP, and a module that somebody else has brought. */
export const tried = async (bytes: Uint8Array): Promise<Array<Sandbox | SandboxServer>> => {
  const sandbox = createSandbox({ seed: 1, clock: "manual", demo: demo({ live: false }) });
  const inside = new AgentPhone({ apiKey: "sk_sandbox", baseUrl: sandbox.url, fetch: sandbox.fetch });
  await inside.agents.create({ name: "Ada" });
  init(module);
  init(bytes);
  await init(fetch("https://example.com/agentphone.wasm"));
  const slim: AgentPhone = new SlimAgentPhone({ apiKey: null, baseUrl: "https://example.com" });
  void slim.agents;
  return [
    sandbox,
    await serveSandbox({ port: 0, demo: true }),
    createSlimSandbox({ module: await loadModule(sandboxModule) }),
  ];
};

// @ts-expect-error An option of another name is found.
export const misspelt = new AgentPhone({ apikey: "sk_test" });
// @ts-expect-error What cannot be left out is found.
export const unaddressed = client.calls.create({ agentId: "a" });
// @ts-expect-error The types are not any.
export const typed: number = client.agents.get("a");
