// What was sent in one attempt, and beside it what the server responded.

import type { ComponentChildren } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { bytes, millis } from "../../ui/format.js";
import { Tag } from "../../ui/values.js";
import type { Attempt } from "./attempts.js";
import styles from "./delivery.module.css";
import { failureOf, pretty } from "./delivery-facts.js";
import page from "./webhooks.module.css";

const encoder = new TextEncoder();

/** Both sides of an attempt. */
export function Sides({ attempt }: { attempt: Attempt }) {
  const { url, headers, body, status, error, ms, response } = attempt;
  return (
    <div class={styles.sides}>
      <Side title="Request" beside={<span class="muted small">{bytes(encoder.encode(body).length)}</span>}>
        <p class={styles.line}>
          <span class={styles.method}>POST</span> <code>{url}</code>
        </p>
        <Headers of={headers} signed />
        <Body text={body} label="The body of the request" />
      </Side>
      <Side title="Response" beside={ms !== null && <span class="muted small">{millis(ms)}</span>}>
        <p class={styles.line}>
          <StatusLine status={status} error={error} />
        </p>
        {response !== null && <Headers of={response.headers} />}
        {response === null ? (
          <p class="muted">
            {status === null && error === null ? "Waiting for the response…" : "Nothing was received."}
          </p>
        ) : response.body === "" ? (
          <p class="muted small">No body.</p>
        ) : (
          <Body text={response.body} label="The body of the response" />
        )}
      </Side>
    </div>
  );
}

/** Where only the API's log is known: the response, and instead of the request the reason why it is not shown. */
export function LoggedSides({
  status,
  error,
  body,
}: {
  status: number | null;
  error: string | null;
  body: string | null;
}) {
  return (
    <div class={styles.sides}>
      <Side title="Request">
        <p class="muted">
          {"AgentPhone's log has no requests. What your server received is in its own log: paste it into "}
          <a href="#/webhooks?check=1">the signature checker</a>.
        </p>
      </Side>
      <Side title="Response">
        <p class={styles.line}>
          <StatusLine status={status} error={error} />
        </p>
        {body === null ? (
          <p class="muted">Nothing was received.</p>
        ) : body === "" ? (
          <p class="muted small">No body.</p>
        ) : (
          <Body text={body} label="The body of the response" />
        )}
      </Side>
    </div>
  );
}

function StatusLine({ status, error }: { status: number | null; error: string | null }) {
  const why = failureOf({ status: "failed", httpStatus: null, errorMessage: error });
  if (status === null) return why === undefined ? <Tag tone="live">In progress</Tag> : <Tag tone="bad">{why}</Tag>;
  return (
    <>
      <Tag tone={status < 300 ? "plain" : "bad"}>{String(status)}</Tag>
      {why !== undefined && why !== `HTTP ${status}` && <span class={`${page.why} small`}> {why}</span>}
    </>
  );
}

function Side({ title, beside, children }: { title: string; beside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class={styles.side} aria-label={title}>
      <div class="row between">
        <h3>{title}</h3>
        {beside}
      </div>
      {children}
    </section>
  );
}

/** Headers that are part of the signature, marked. */
const SIGNED = new Set(["x-webhook-signature", "x-webhook-timestamp"]);

function Headers({ of, signed = false }: { of: Record<string, string>; signed?: boolean }) {
  const names = Object.keys(of);
  if (names.length === 0) return null;
  return (
    <dl class={styles.headers}>
      {names.map((name) => (
        <div key={name} class={signed && SIGNED.has(name) ? styles.signed : ""}>
          <dt>{name}</dt>
          <dd title={name === "x-webhook-timestamp" ? new Date(Number(of[name]) * 1000).toLocaleString() : undefined}>
            {of[name]}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const Body = ({ text, label }: { text: string; label: string }) => <CodeBlock code={pretty(text)} label={label} />;
