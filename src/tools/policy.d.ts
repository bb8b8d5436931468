// `policy`: what tools, campaigns and commands may do. The code is `src/js/policy`, the page `docs/safety.md`.

import type { Ledger } from "../js/ledger/ledger.js";

/** Limits on how many. */
export interface CountLimits {
  /** In any 60 minutes. Counted in steps of five minutes: what is up to five minutes older counts too. Default: none. */
  hour?: number | undefined;
  /** In any 24 hours, likewise. Default: none. */
  day?: number | undefined;
}

/** Limits on what reaches people. */
export interface ReachLimits extends CountLimits {
  /** To one person in any 24 hours, at most 200. Default: none. */
  person?: number | undefined;
}

/** Limits on money, in US dollars. */
export interface MoneyLimits extends CountLimits {
  /** One action. Default: none. */
  action?: number | undefined;
}

/** When people are not called. */
export interface QuietHours {
  /** Start, such as `"21:00"`, in the person's time zone. */
  from: string;
  /** End, such as `"08:00"`; if it is before `from`, on the next morning. */
  to: string;
  /** Whether texts are not sent either. Default: false. */
  texts?: boolean | undefined;
  /**
   * The person's IANA zone, or several zones, all of which count; abbreviations such as `EST` count as unknown. Default, and if it
   * returns undefined: the zones of the area code of a North American number.
   */
  zone?: ((recipient: string) => string | string[] | undefined | Promise<string | string[] | undefined>) | undefined;
  /** If the recipient's zone is not known: refuse, ask a person, or allow. Default: `"refuse"`. */
  unknown?: "refuse" | "ask" | "allow" | undefined;
}

/** When a person is asked. */
export interface ApprovalOptions {
  /** `never`; `spend`: before what costs money; `every`: before everything except reading. */
  when: "never" | "spend" | "every";
  /** Signs questions and approvals, at least 16 characters. Give all machines the same secret. Default: a random one per process. */
  secret?: string | undefined;
  /**
   * Milliseconds from the question until which an approval can be used, at most 86 400 000, a day, because ledgers keep for a day that it was used.
   * Default: 600 000, ten minutes.
   */
  expires?: number | undefined;
}

/** Options of `policy`. */
export interface PolicyOptions {
  /** Only reading. It overrides everything else. Default: false. */
  readOnly?: boolean | undefined;
  /** Names of the tools that may be used. Default: all. */
  tools?: readonly string[] | undefined;
  /** Who may be reached: numbers, emails, groups, and prefixes of numbers such as `"+1415*"`. `deny` overrides `allow`. Default: everybody. */
  recipients?:
    | {
        /** Only these. Default: everybody. */
        allow?: readonly string[] | undefined;
        /** Never these. Default: none. */
        deny?: readonly string[] | undefined;
      }
    | undefined;
  /** Who does not want to be reached: a list, or a function. Any result except false counts as opted out. Default: none. */
  optOuts?:
    | readonly string[]
    | ((recipient: string, kind: "call" | "text" | "") => boolean | Promise<boolean>)
    | undefined;
  /** How many calls. */
  calls?: ReachLimits | undefined;
  /** How many texts. */
  texts?: ReachLimits | undefined;
  /** How many numbers are bought. */
  numbers?: CountLimits | undefined;
  /** What everything together may cost. A call counts as `maxMinutes` long, even if it was shorter. */
  money?: MoneyLimits | undefined;
  /** US dollars: a minute of a call, a text, a number. Default: `{ minute: 0.22, text: 0.02, number: 3 }`, the prices of 2026. */
  prices?:
    | {
        /** Of a call. Default: 0.22. */
        minute?: number | undefined;
        /** Default: 0.02. */
        text?: number | undefined;
        /** When it is bought. Default: 3. */
        number?: number | undefined;
      }
    | undefined;
  /** The longest that a call lasts, by your estimate; it does not end calls. Default: 30. */
  maxMinutes?: number | undefined;
  /** When people are not called. Default: never. */
  quietHours?: QuietHours | undefined;
  /** Milliseconds between two calls to one person, up to 31 days. Default: 0. */
  minGap?: number | undefined;
  /** A sentence with which each call begins, such as who is calling. It is put before a greeting that does not contain it. */
  disclosure?: string | undefined;
  /** Whether a person must agree. Default: `"never"`. */
  approval?: "never" | "spend" | "every" | ApprovalOptions | undefined;
  /** Policies with the same name and the same ledger count together. Default: `""`. */
  name?: string | undefined;
  /** Where it counts. Default: the ledger of the tools, or the one that a call passes. */
  ledger?: Ledger | undefined;
  /** Milliseconds since 1970, for tests. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** An action that the policy decides on. */
export interface PolicyAction {
  /** Name of the tool or the command. */
  tool?: string | undefined;
  /** `read` changes nothing. Default: `effect` with `spends`, otherwise `read`. */
  kind?: "read" | "change" | "effect" | undefined;
  /** What costs money. */
  spends?: "call" | "text" | "number" | undefined;
  /** Who is reached: an email, a group, or a number in any notation, with country code unless it is North American. */
  to?: string | undefined;
  /** Everything else about it, as JSON: an approval is for exactly this. */
  content?: unknown;
  /** The longest that this call lasts. Default: `maxMinutes`. */
  minutes?: number | undefined;
  /** A person's consent, from `approve`. */
  approval?: string | undefined;
  /** Where it counts, if the policy has no ledger of its own. */
  ledger?: Ledger | undefined;
}

/** What a policy decides. */
export type PolicyVerdict =
  | {
      decision: "allow";
      /** Undoes the count: call it only if it is proven that nothing was sent. It never rejects. */
      release: () => Promise<void>;
    }
  | {
      decision: "refuse";
      /**
       * `READ_ONLY`, `TOOL_NOT_ALLOWED`, `RECIPIENT_DENIED`, `RECIPIENT_NOT_ALLOWED`, `OPTED_OUT`, `QUIET_HOURS`, `ZONE_UNKNOWN`, `COUNT_LIMIT`,
       * `MONEY_LIMIT`, `PERSON_LIMIT`, `TOO_SOON`, `APPROVAL_INVALID`, or `POLICY_UNAVAILABLE` if it could not find out.
       */
      code: string;
      /** Why, without phone numbers or texts. */
      message: string;
      /** When to try again; absent if waiting does not help. */
      retryAt?: Date | undefined;
    }
  | {
      decision: "ask";
      /** `APPROVAL_REQUIRED` or `ZONE_UNKNOWN`. */
      code: string;
      message: string;
      /** The question, for `approve`. */
      request: string;
      /** Until when an approval is valid. */
      expiresAt: Date;
      /** US dollars, at most. */
      cost: number;
    };

/** What tools, campaigns and commands may do. */
export interface Policy {
  /**
   * Decides whether an action is allowed, and counts it. Call it right before the action, and `release` if it is proven that nothing
   * was sent. It fails closed: if the ledger or one of your functions fails, the verdict is `refuse`. Errors: `InvalidArgumentError`.
   */
  admit(action: PolicyAction): Promise<PolicyVerdict>;
  /** What `admit` would decide now, without counting. */
  check(action: PolicyAction): Promise<PolicyVerdict>;
  /** A person has agreed to the `request` of a verdict. Errors: `InvalidArgumentError` if this policy did not make the request. */
  approve(request: string): Promise<string>;
  /** The first words of a call, with the disclosure. */
  greeting(text?: string): string;
  /** Whether a tool may be used at all. */
  allows(tool: string, kind: "read" | "change" | "effect"): boolean;
}

/**
 * What tools, campaigns and commands may do, enforced in code before the request. Counters are in a ledger: machines that share a
 * ledger share the limits. Errors: `InvalidArgumentError` for invalid options.
 *
 * ```ts
 * const rules = policy({ calls: { day: 20, person: 1 }, money: { day: 5 }, maxMinutes: 5, ledger: memoryLedger() });
 * const first = await rules.admit({ spends: "call", to: "+14155550100" });
 * const second = await rules.admit({ spends: "call", to: "+14155550100" });
 * console.log(first.decision, second.decision === "refuse" && second.code); // allow PERSON_LIMIT
 * ```
 */
export function policy(options: PolicyOptions): Policy;
