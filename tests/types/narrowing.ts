// Type test: compiled by `tsc`, never run. Each line that must not compile is marked, and the mark
// itself fails when the line compiles after all.

import type { Agent, AnyAgentPhoneError, Call, ClientOptions, PagePromise, WithResponse } from "agentphone-wasm";
import {
  AgentPhone,
  AgentPhoneError,
  ConfigurationError,
  DeliveryUnconfirmedError,
  MessagingLimitError,
  NotFoundError,
  PhoneNumberNotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "agentphone-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

const client = new AgentPhone({ apiKey: "sk_test", hooks: { onError: (error) => void error.code } });

/** By `code`: each case gives the class. */
export const byCode = (error: unknown): string => {
  if (!AgentPhoneError.is(error)) return "other";
  switch (error.code) {
    case "RATE_LIMIT_EXCEEDED":
    case "RATE_LIMITED":
      same<typeof error, RateLimitError>(true);
      return String(error.retryAfter);
    case "TIMEOUT":
      same<typeof error, TimeoutError>(true);
      return error.message;
    case "DELIVERY_UNCONFIRMED":
      same<typeof error, DeliveryUnconfirmedError>(true);
      same<typeof error.outcomeUnknown, true>(true);
      return "unsure";
    case "CONVERSATION_INACTIVE":
      same<typeof error, MessagingLimitError>(true);
      return "asleep";
    case "HTTP_418":
      return error.message;
    case "VALIDATION_ERROR":
      same<typeof error, ValidationError>(true);
      return error.details.map((detail) => detail.field).join();
    // @ts-expect-error no such code: a typing mistake is found
    case "TIMED_OUT":
      return "";
    default:
      return error.code;
  }
};

/** By `instanceof`, from the special to the general. */
export const byClass = (error: unknown): string | undefined => {
  if (error instanceof PhoneNumberNotFoundError)
    return (same<typeof error.code, "PHONE_NUMBER_NOT_FOUND">(true), error.code);
  if (error instanceof NotFoundError) return error.path;
  if (error instanceof ConfigurationError) return (same<typeof error.code, "CONFIGURATION_ERROR">(true), error.code);
  if (error instanceof ServerError) return error.requestId;
  if (error instanceof AgentPhoneError) return error.operation;
  return undefined;
};

/** Operations give what the contract says, and nothing is `any`. */
export const operations = async (): Promise<void> => {
  same<ReturnType<typeof client.agents.list>, PagePromise<Agent>>(true);
  same<Awaited<ReturnType<typeof client.agents.get>>, Agent>(true);
  same<Awaited<ReturnType<typeof client.calls.create>>, Call>(true);
  const full = await client.calls.get("id").withResponse();
  same<typeof full, WithResponse<Call>>(true);
  same<typeof full.requestId, string | undefined>(true);
  const signal = new AbortController().signal;
  await client.calls.create({ agentId: "a", toNumber: "+14155550100" }, { signal, timeout: null, replay: "never" });
  await client.agents.update("a", { voicemailMessage: null });
  await client.numbers.buy();
  await client.messages.send({
    agent_id: "a",
    to_number: "+14155550100",
    media_urls: ["https://x.test/1", "https://x.test/2"],
  });

  // A value that the API may add is accepted where it answers, and suggested where it is known.
  const call = await client.calls.get("id");
  const status: string = call.status;
  if (call.status === "no-answer") void status;
  // null and absent are told apart.
  same<Agent["systemPrompt"], string | null | undefined>(true);
  same<Agent["name"], string>(true);

  // @ts-expect-error toNumber is missing
  await client.calls.create({ agentId: "a" });
  // @ts-expect-error an id is a string
  await client.agents.get(7);
  // @ts-expect-error an unknown option
  await client.agents.get("a", { timout: 1 });
  // @ts-expect-error what is meant for a sub-account must not happen in the main one
  await client.calls.get("c", { subAccount: undefined });
  // @ts-expect-error fetch belongs to the client
  await client.agents.get("a", { fetch });
  // @ts-expect-error no such voice mode
  await client.agents.create({ name: "x", voiceMode: "hostd" });
  // @ts-expect-error a name cannot be cleared on the way in
  await client.agents.create({ name: null });
};

/** Options. */
export const options: ClientOptions[] = [
  {},
  { apiKey: async () => "sk" },
  { apiKey: null, baseUrl: "https://proxy.test" },
  { headers: { "x-a": "b", "user-agent": null }, logger: console, logLevel: "debug" },
  { fetch: (url, init) => fetch(url, init) },
  // @ts-expect-error milliseconds are a number
  { timeout: "5" },
  // @ts-expect-error the official SDK's name
  { token: "sk" },
];

/** Errors travel as plain data. */
export const travel = (error: AnyAgentPhoneError): AnyAgentPhoneError => {
  const again = AgentPhoneError.fromPlain(structuredClone(error.toPlain()));
  same<typeof again, AnyAgentPhoneError>(true);
  // @ts-expect-error errors are made by the client alone
  new AgentPhoneError();
  return again;
};
