// The webhooks: where events go, what became of them, and how a server checks what comes.

import { ShieldCheck } from "lucide-preact";
import { filter, pathWith } from "../../app/location.js";
import { mode } from "../../session/session.js";
import { CodeBlock } from "../../ui/code-block.js";
import { Checker } from "./checker.js";
import { Deliveries, HOURS, hoursAsked } from "./deliveries.js";
import { PROJECT } from "./endpoint.js";
import { RoutingCard } from "./routing.js";
import { SNIPPET } from "./snippet.js";
import { Stats } from "./stats.js";
import { PageNote, WebhookCard } from "./webhook-card.js";
import styles from "./webhooks.module.css";

export default function Webhooks(_: { id: string }) {
  const hours = hoursAsked() ?? 24;
  const words =
    (hoursAsked() === undefined ? undefined : HOURS.find(({ value }) => value === filter("hours"))?.label) ??
    `The last ${hours} hours`;
  return (
    <>
      <div class="head">
        <h1>Webhooks</h1>
        <a class="button" href={`#${pathWith({ check: "1" })}`}>
          <ShieldCheck aria-hidden="true" size={16} />
          Check a signature
        </a>
      </div>
      <div class="stack">
        {mode() === "page" && <PageNote />}
        <div class={`split ${styles.top}`}>
          <WebhookCard endpoint={PROJECT} />
          <RoutingCard />
        </div>
        <Stats hours={hours} words={words} />
        <Deliveries />
        <details class="card fold">
          <summary>
            <h2>Verify signatures</h2>
            <span class="muted small">How a server verifies signatures</span>
          </summary>
          <div class="stack">
            <p class="muted small">
              Anybody can post to your address. What is signed with the secret, and not older than five minutes, is from
              AgentPhone. If a genuine delivery is refused, <a href={`#${pathWith({ check: "1" })}`}>check it here</a>.
            </p>
            <CodeBlock code={SNIPPET} label="How a server verifies signatures" />
          </div>
        </details>
      </div>
      {filter("check") !== "" && <Checker />}
    </>
  );
}
