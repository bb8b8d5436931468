// Everything that is known of an error, for a report to the developers: the operation, the request's id, the raw
// details; with a button that copies it.

import type { AnyAgentPhoneError } from "agentphone-wasm";
import { CopyButton } from "./copy-button.js";
import styles from "./problem-details.module.css";

/** The fold. */
export function ProblemDetails({ error }: { error: AnyAgentPhoneError }) {
  const { operation, status, requestId, attempts, message } = error;
  const facts: [string, string | number | undefined][] = [
    ["Operation", operation],
    ["Status", status],
    ["Request id", requestId],
    ["Attempts", attempts > 1 ? attempts : undefined],
  ];
  return (
    <details class={styles.details}>
      <summary>Details</summary>
      <div class={styles.body}>
        <dl class="terms">
          {facts.map(([name, value]) =>
            value === undefined ? null : (
              <>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </>
            ),
          )}
        </dl>
        <p class="small">{message}</p>
        <CopyButton value={() => JSON.stringify(error, null, 2)}>Copy</CopyButton>
      </div>
    </details>
  );
}
