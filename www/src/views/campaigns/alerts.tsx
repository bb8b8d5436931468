// What needs somebody: a campaign that paused by itself, one without a worker, and people in doubt.

import type { ComponentChildren } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { count } from "../../ui/format.js";
import { When } from "../../ui/values.js";
import styles from "./campaigns.module.css";
import type { CampaignStatus } from "./types.js";
import { commandsOf, pauseOf } from "./words.js";

/** All that apply. */
export function Alerts({ campaign, flags }: { campaign: CampaignStatus; flags: string }) {
  const { id, state, reason, working, counts, slowUntil, kind } = campaign;
  const { start, worker } = commandsOf(flags);
  const [why, remedy] = pauseOf(reason);
  return (
    <>
      {state === "paused" && (
        <Alert tone={reason === "asked" ? "plain" : "unsure"}>
          <p>
            <strong>{why}</strong> {remedy}
          </p>
        </Alert>
      )}
      {state === "planned" && (
        <Alert tone="plain">
          <p>Nothing has been sent yet. This starts it, with a worker in your terminal:</p>
          <CodeBlock code={start(id)} label="Start the campaign" />
        </Alert>
      )}
      {state === "running" && !working && (
        <Alert tone="unsure">
          <p>
            <strong>No worker is active, so no {kind === "call" ? "calls are placed" : "texts are sent"}.</strong> Run
            one, here or on any machine that reaches the store:
          </p>
          <CodeBlock code={start(id)} label="Run a worker" />
          <p class="small muted">
            One that stays for pauses and further rounds: <code>{worker(id)}</code>
          </p>
        </Alert>
      )}
      {slowUntil !== null && state === "running" && (
        <Alert tone="plain">
          <p>
            The API limits the rate. All workers wait until <When at={slowUntil} />.
          </p>
        </Alert>
      )}
      {counts.doubt > 0 && (
        <Alert tone="unsure">
          <p>
            <strong>{count(counts.doubt, "person is", "people are")} in doubt:</strong> the response was lost, so the{" "}
            {kind} may have happened. They are not contacted again.
            {state === "running" && " The workers keep looking for what became of it."}
          </p>
        </Alert>
      )}
    </>
  );
}

const Alert = ({ tone, children }: { tone: "unsure" | "plain"; children: ComponentChildren }) => (
  <div class={tone === "unsure" ? `problem unsure ${styles.banner}` : `note ${styles.banner}`} role="status">
    {children}
  </div>
);
