// What to do with a claimed person: send now, send later, or skip.

import type { Person, Settings, SkipReason } from "../types.js";
import { nextAllowed } from "./quiet-hours.js";

export type Step =
  | { readonly do: "send" }
  | { readonly do: "wait"; readonly until: number; readonly reason: string }
  | { readonly do: "skip"; readonly reason: SkipReason };

/** The decision by the campaign's quiet hours. */
export const nextStep = (settings: Settings, person: Pick<Person, "zone">, now: number): Step => {
  const until = nextAllowed(now, person.zone ?? settings.zone, settings.quietHours);
  return until > now ? { do: "wait", until, reason: "quiet-hours" } : { do: "send" };
};

/** The fields used of a verdict of `policy` in `agentphone-wasm/tools`. */
export interface Verdict {
  readonly decision: string;
  readonly code?: string | undefined;
  readonly retryAt?: Date | undefined;
}

/** Milliseconds after which an unavailable policy is asked again. */
const AWAY = 30_000;
/** Limits under which nothing fits, however long one waits: the people wait until the limits are changed. */
const LIMITS = ["COUNT_LIMIT", "MONEY_LIMIT", "PERSON_LIMIT"];
const HOUR = 3_600_000;

/** The decision by the policy. Nobody can be asked, so requests that need approval are skipped. */
export const stepOf = ({ decision, code = "", retryAt }: Verdict, now: number): Step => {
  if (decision === "allow") return { do: "send" };
  if (code === "OPTED_OUT") return { do: "skip", reason: "opted-out" };
  if (code === "POLICY_UNAVAILABLE") return { do: "wait", until: now + AWAY, reason: code };
  if (decision === "refuse" && retryAt !== undefined)
    return { do: "wait", until: Math.max(retryAt.getTime(), now + 1), reason: code };
  if (LIMITS.includes(code)) return { do: "wait", until: now + HOUR, reason: code };
  return { do: "skip", reason: "policy" };
};
