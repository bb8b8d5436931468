// The pane in which an agent is tried: by text, or by a call. Only in a sandbox, because on a real account somebody's
// phone would ring.

import type { Agent } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { isLive } from "../../session/session.js";
import { Choices } from "../../ui/choices.js";
import styles from "./try.module.css";
import { TryCall } from "./try-call.js";
import { TryText } from "./try-text.js";

const WAYS = [
  { value: "text", label: "Text" },
  { value: "call", label: "Call" },
] as const;

/** Somebody who tries: a number that is set aside for fiction. */
const WHO = "+14155550100";

/** The card. */
export function TryAgent({ agent }: { agent: Agent }) {
  const [way, choose] = useState<"text" | "call">("text");
  if (isLive()) return null;
  const reachable = (agent.numbers ?? []).length > 0;
  return (
    <section class={`card ${styles.pane}`} aria-label={`Try ${agent.name}`}>
      <div class="row between">
        <h2>Try it</h2>
        <Choices label="Way to try it" options={WAYS} value={way} onValue={choose} />
      </div>
      {!reachable ? (
        <p class={styles.start}>Attach a number first: without one the agent cannot be reached.</p>
      ) : way === "text" ? (
        <TryText agent={agent} from={WHO} />
      ) : (
        <TryCall agent={agent} from={WHO} />
      )}
    </section>
  );
}
