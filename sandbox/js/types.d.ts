// The types of `agentphone-wasm/sandbox`, written by hand: the engine's own glue is not public.

/** How a sandbox starts. Everything is optional. */
export interface SandboxOptions {
  /** Decides ids and the chance of fault rules: the same seed, requests and times give the same responses. Default 1. */
  seed?: number | undefined;
  /** What the wallet holds at the start, in cents. Default 10 000. */
  balanceCents?: number | undefined;
  /** How long a call waits before it rings, in milliseconds. Default 300. */
  queuedMs?: number | undefined;
  /** How long it rings. Default 1500. */
  ringingMs?: number | undefined;
  /** How long the call lasts if neither side ends it. Default 6000. */
  talkingMs?: number | undefined;
  /** How long a phone rings that is not answered. Default 25 000. */
  noAnswerMs?: number | undefined;
  /** Whether the documented rate limits hold. Default true; with a manual clock false, because they would never open again. */
  limits?: boolean | undefined;
  /**
   * How much may be kept, in bytes of memory, roughly. What would add to more is refused with 400 `SANDBOX_FULL`.
   * Default 128 MiB.
   */
  maxStateBytes?: number | undefined;
  /** How many objects of a kind an account may have. Default 100 000. */
  maxObjects?: number | undefined;
  /**
   * Whether the API's rules for new accounts hold: 409 for a second call of a number that has an active one, and 403
   * for SMS until the account's 10DLC registration is approved, with `outboundSms: "registration_required"` on its
   * numbers. Not together with `demo`. Default false.
   */
  strict?: boolean | undefined;
  /**
   * The form of error bodies: `"envelope"` as documented, `{ error: { code, message, type, details } }`; `"detail"` as
   * recorded of the real API, `{ detail: "…" }` without a code. A fault rule's `shape` comes first, and a 422 of the
   * framework has its own form. Default `"envelope"`.
   */
  errors?: "envelope" | "detail" | undefined;
  /**
   * Whether the header `Idempotency-Key` is honoured, which the real API does not do: the same request with the same
   * key gets the first response again, another request 422 `IDEMPOTENCY_KEY_REUSED`, and while the first is in flight
   * there is 409 `IDEMPOTENCY_KEY_IN_USE`. Default false.
   */
  idempotencyKeys?: boolean | undefined;
  /** `"real"` runs; `"manual"` stands still until `clock.advance`. Default `"real"`. */
  clock?: "real" | "manual" | undefined;
  /** How many times faster than real time a running clock is: at 60 a minute takes a second. Default 1. */
  speed?: number | undefined;
  /** The clock's first instant. Default: now. */
  start?: Date | number | undefined;
  /** Receives the webhooks instead of the network. No result counts as an empty 200. Default: they are sent by `fetch`. */
  onWebhook?: ((request: Request) => Response | void | Promise<Response | void>) | undefined;
  /**
   * Starts with two weeks of activity, from `agentphone-wasm/sandbox/demo`: `createSandbox({ demo: demo() })`. The wallet
   * then holds 50 000 cents, unless `balanceCents` says otherwise, and a reset returns to that past.
   */
  demo?: Demo | undefined;
}

/** What `demo()` of `agentphone-wasm/sandbox/demo` returns; only a sandbox can use it. */
export interface Demo {
  readonly balanceCents: number;
  /** Used by the sandbox. */
  play(engine: any, end: number, seed?: number, kept?: boolean): any;
}

/** `WebAssembly.Module` where the libraries in use know it (DOM, workers); Node's own types do not, and there any object. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object;

/** An option of the entry for pages and workers only. */
export interface ModuleOption {
  /** The compiled `agentphone-wasm/sandbox.wasm`, where code may not be compiled at run time. */
  module?: CompiledModule | undefined;
}

/** Which requests a fault rule is for: all that are given must match. */
export interface FaultMatch {
  /** An operationId, for example `"calls.create"`. */
  operation?: string | undefined;
  method?: string | undefined;
  /** The beginning of the path. */
  path?: string | undefined;
  /** Whom a call or a text is for, in E.164. */
  toNumber?: string | undefined;
  /** Only with `duplicate`: the kind of webhook. */
  event?: string | undefined;
}

/** A fault: a match, limits, and one action at most. See the README for the table. */
export interface FaultRule {
  match?: FaultMatch | undefined;
  /** How often it fires at most. */
  times?: number | undefined;
  /** 0 to 1, by seeded chance. */
  probability?: number | undefined;
  /** Milliseconds by which the response is delayed. */
  delayMs?: number | undefined;
  status?: number | undefined;
  code?: string | undefined;
  shape?: "envelope" | "fastapi" | "detail" | "message" | "object" | "text" | "html" | "empty" | "broken" | undefined;
  message?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** With `status`: the operation is performed anyway. */
  effect?: boolean | undefined;
  cut?: "before-effect" | "before-headers" | "after-headers" | "mid-body" | undefined;
  stall?: "headers" | "body" | undefined;
  slow?: { bytes: number; everyMs: number } | undefined;
  garbage?: "html" | "empty" | "truncated" | "text" | "array" | "null" | undefined;
  limit?: { requests: number; perMs: number } | undefined;
  /** Webhooks are delivered twice: all of them, or those of `match.event`. */
  duplicate?: true | undefined;
  /**
   * The response is lost, and the operation is performed this long after the request, by the sandbox's clock; `true` is
   * 5000 ms. Goes with `cut: "before-headers"` (the default), `stall: "headers"` and `status`.
   */
  late?: true | { afterMs?: number | undefined } | undefined;
  /**
   * The new object is billed, but hidden for this long, or permanently without `forMs`. From `"everything"` (the default):
   * no list, search or read by id shows it. From `"lists"`: a read by id does.
   */
  unlisted?: true | { forMs?: number | undefined; from?: "everything" | "lists" | undefined } | undefined;
  /**
   * This long after the request, another client of the account sends the same; `true` is 1000 ms. The response to the request is lost,
   * unless the rule has an action; with `cut: "before-effect"` only the other one takes place.
   */
  foreign?: true | { afterMs?: number | undefined } | undefined;
  /** `startedAt` of the call is the time when it was answered; before, it is null or absent. */
  startedAt?: "answered" | "missing" | undefined;
  /** Lists show only objects that are at least this many milliseconds old. */
  lagMs?: number | undefined;
  /** Lists come in this order: `"oldest"` first, `"shuffled"`, or by this field, the greatest first. */
  order?: ListOrder | undefined;
}

/** How a list can be ordered instead of the newest first. */
export type ListOrder =
  | "oldest"
  | "shuffled"
  | "id"
  | "name"
  | "status"
  | "direction"
  | "startedAt"
  | "endedAt"
  | "durationSeconds"
  | "fromNumber"
  | "toNumber"
  | "phoneNumber"
  | "externalId"
  | "body"
  | "receivedAt"
  | "lastMessageAt"
  | "createdAt"
  | "updatedAt";

/** What really happened, whatever the answers said. */
export interface Ledger {
  requests: number;
  callsPlaced: number;
  textsSent: number;
  codesSent: number;
  numbersBought: number;
  moneySpentCents: number;
  /** What the wallet holds. A call that lasts longer than the money takes it below 0. */
  balanceCents: number;
  byOperation: Record<string, { received: number; performed: number }>;
  /** What other clients did (`foreign` in fault rules). It is paid from the same wallet and counted nowhere else. */
  foreign: { callsPlaced: number; textsSent: number; codesSent: number; numbersBought: number };
}

/** Something that really happened: a request that changed something, when it did. */
export interface Effect {
  /** When it happened, in milliseconds since 1970 on the sandbox's clock. */
  at: number;
  operation: string;
  /** Of the new object; null if there is none. */
  id: string | null;
  /** When it was requested: earlier than `at` for what is `late`. */
  requestedAt: number;
  /** True if another client did it (`foreign` in fault rules). */
  foreign: boolean;
  /** The fault rule that the request met. */
  fault: string | null;
  /** The header of the request, whether or not it is honoured. */
  idempotencyKey: string | null;
}

/** A webhook that was sent. */
export interface Delivery {
  /** When, on the sandbox's clock. */
  at: string;
  url: string;
  headers: Record<string, string>;
  /** The signed body, byte for byte. */
  body: string;
  /** The status of the receiver's response; null while there is none. */
  status: number | null;
  error: string | null;
  /** Milliseconds until the response was complete, or the attempt failed; null while it is under way. */
  ms: number | null;
  /** The response, with the first 16 KiB of its body; null if there is none. */
  response: { headers: Record<string, string>; body: string } | null;
}

/** A request that came in. */
export interface RequestNote {
  /** Milliseconds since 1970, on the sandbox's clock. */
  at: number;
  method: string;
  path: string;
  operation: string | null;
  /** Null if no response was sent. */
  status: number | null;
  /** The id of the fault rule that fired. */
  fault?: string | undefined;
}

/** A number that makes something happen when it is called or texted. */
export interface MagicNumber {
  number: string;
  /** What happens, in words. */
  what: string;
  /** The operations that it works on. */
  on: string[];
  script?: Script | undefined;
  rule?: FaultRule | undefined;
}

/** What the person at the other end does and says, and what a hosted agent replies. */
export interface Script {
  outcome?: "answered" | "busy" | "no-answer" | "failed" | "rings-on" | undefined;
  lines?: { caller: string; agent?: string | undefined }[] | undefined;
  /** Between two turns. Default: the lines spread over the usual length of a call. */
  pauseMs?: number | null | undefined;
  /** Repeats the lines for this many milliseconds. */
  talkMs?: number | null | undefined;
  hangup?: "caller" | "agent" | "nobody" | undefined;
  summary?: string | null | undefined;
  sentiment?: string | null | undefined;
  successful?: boolean | null | undefined;
}

/** What every sandbox can do besides responding to requests. */
export interface SandboxControls {
  /** Forgets everything: state, wallet, ledger, fault rules, deliveries. */
  reset(): void;
  faults: {
    /** Adds a rule and returns its id. Throws if the rule is invalid. */
    add(rule: FaultRule): string;
    list(): { id: string; hits: number; rule: FaultRule }[];
    remove(id: string): number;
    clear(): number;
  };
  clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Advances a manual clock, event by event; resolves when the webhooks that were sent have their responses. */
    advance(ms: number): Promise<void>;
  };
  state: {
    /** All that is stored, as text. Fault rules and open streams are not in it. */
    save(): string;
    /** Restores a saved state. Throws, and changes nothing, if the text is not a state of this version. */
    load(saved: string): void;
  };
  /** The webhooks that were sent, the oldest first; the latest 1000. */
  readonly deliveries: Delivery[];
  /** Simulates incoming calls, texts and reactions. `to` may be left out if there is only one number; `from` has a default, and so has the text, "Hello". */
  inbound: {
    call(call?: {
      to?: string | undefined;
      from?: string | undefined;
      agentId?: string | undefined;
      script?: Script | undefined;
    }): any;
    message(message?: {
      to?: string | undefined;
      from?: string | undefined;
      agentId?: string | undefined;
      body?: string | undefined;
      mediaUrls?: string[] | undefined;
      group?: unknown;
      replyTo?: string | undefined;
    }): any;
    reaction(reaction: { messageId: string; reaction: string; from?: string | undefined }): any;
  };
  /** Sets what the people say whom you call; with `toNumber`, only for the person at that number. */
  script(script: Script & { toNumber?: string | undefined }): any;
  ledger(): Ledger;
  /** What really happened, the latest 5000. */
  effects(): Effect[];
  /** The latest 1000 requests. */
  requests(): RequestNote[];
  magic(): MagicNumber[];
  /** Ends timers, streams and webhooks. */
  close(): void | Promise<void>;
}

/** A whole AgentPhone in memory. */
export interface Sandbox extends SandboxControls {
  /** Give it to the client: `new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch })`. */
  fetch: typeof globalThis.fetch;
  /** An address for the client's `baseUrl`; nothing listens there. */
  url: string;
  close(): void;
}

/** Makes a sandbox. */
export declare function createSandbox(options?: SandboxOptions & ModuleOption): Sandbox;

/** Paths that a program adds to the address of a server. */
export interface Mount {
  /** Below `/__sandbox/`. Everything below this path belongs to it. */
  path: string;
  /** Responds to a request. Only programs and pages of the server's own address can send one. */
  fetch: (request: Request) => Promise<Response>;
}

/** How the sandbox listens. */
export interface ServerOptions extends Omit<SandboxOptions, "demo"> {
  /** Two weeks of activity, and more of it while it runs. If `stateFile` exists, its state is continued. Default false. */
  demo?: boolean | Demo | undefined;
  /** Default 0: any free port. */
  port?: number | undefined;
  /** Default 127.0.0.1: only this machine. */
  host?: string | undefined;
  /**
   * Origins whose pages may use the control paths and those of webhooks, beside those of this machine and the
   * sandbox's own: `["https://app.example.com"]`. All else is open to any page.
   */
  allowOrigins?: readonly string[] | undefined;
  /**
   * Names that the sandbox is known by, beside those of this machine, the one in `host` and, if other machines can
   * reach it, its addresses: `["sandbox.test"]`. Under any other name, the control paths and the webhook paths respond with 403.
   */
  allowHosts?: readonly string[] | undefined;
  /**
   * Whether webhooks may go to this machine. Default: only if no other machine can reach the sandbox. Link-local
   * addresses never get any.
   */
  localWebhooks?: boolean | undefined;
  /** A folder whose files are served outside of the API's paths. */
  staticDir?: string | undefined;
  /** Whether requests are not logged on standard output. Default true. */
  quiet?: boolean | undefined;
  /** Longest request body in bytes. Default 1 MiB. */
  maxBody?: number | undefined;
  /** How many bytes of bodies may be in flight at once; other requests get 503 and Retry-After. Default 64 times `maxBody`, at least 64 MiB. */
  maxBodies?: number | undefined;
  /** How long a client may take to send the head of a request, in milliseconds. Default 20 000. */
  headTimeout?: number | undefined;
  /** How long it may take to send all of it. Default 60 000. */
  requestTimeout?: number | undefined;
  /** A file that keeps the state between runs. */
  stateFile?: string | undefined;
  /** Paths of the program's own on the same address, guarded like the control paths. */
  mount?: Mount | undefined;
}

/** A sandbox that listens. */
export interface SandboxServer extends SandboxControls {
  url: string;
  port: number;
  /** Where a state file that could not be understood was put, if there was one. */
  damagedState?: string | undefined;
  /** Why it could not be: it may be of another version. */
  damagedReason?: string | undefined;
  /** Ends every connection, stalled ones too, saves the state and frees the port. */
  close(): Promise<void>;
}

/** Starts a sandbox over HTTP. Only in Node. */
export declare function serveSandbox(options?: ServerOptions): Promise<SandboxServer>;
