// What a number can do, in a word each.

import type { PhoneNumber } from "agentphone-wasm";
import { Tag } from "../../ui/values.js";
import styles from "./numbers.module.css";

type Tone = "plain" | "good" | "unsure";

const TEXTS: Record<string, [string, Tone]> = {
  enabled: ["SMS", "plain"],
  activating: ["SMS activating", "unsure"],
  registration_required: ["SMS needs registration", "unsure"],
};

/** Where calls go, unless it is to the agent. */
const CALLS: Record<string, string> = { sip_trunk: "Calls go to a SIP trunk", ignore: "Calls are ignored" };

/** The words, with how they are to be taken. */
export function features(number: PhoneNumber): [string, Tone][] {
  const found: [string, Tone][] = [];
  if (number.inboundCallsEnabled !== false) found.push(["Voice", "plain"]);
  const { method = "agent" } = number.voiceRouting ?? {};
  if (method !== "agent") found.push([CALLS[method] ?? `Calls: ${method}`, "unsure"]);
  const texts = TEXTS[number.outboundSms ?? ""];
  if (texts !== undefined) found.push(texts);
  if (number.type === "imessage") found.push(["iMessage", "plain"]);
  if (number.whatsappEnabled === true) found.push(["WhatsApp", "plain"]);
  if (number.rcsFallbackForAlias) found.push(["RCS fallback", "plain"]);
  return found;
}

/** The same, as tags. */
export function Features({ of }: { of: PhoneNumber }) {
  const found = features(of);
  if (found.length === 0) return <span class="muted">–</span>;
  return (
    <span class={styles.tags}>
      {found.map(([word, tone]) => (
        <Tag key={word} tone={tone}>
          {word}
        </Tag>
      ))}
    </span>
  );
}
