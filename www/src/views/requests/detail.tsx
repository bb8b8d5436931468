// One call of the log: its attempts, the request and the response, and the call as code.

import { X } from "lucide-preact";
import { useState } from "preact/hooks";
import { pathWith } from "../../app/location.js";
import { useTitle } from "../../app/title.js";
import { type Call, type Exchange, lastOf } from "../../data/exchange-calls.js";
import { useExchange } from "../../data/exchanges.js";
import { bytes, fully, millis } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import { Copyable, Tag } from "../../ui/values.js";
import type { FullExchange } from "./as-code.js";
import { CodeOf } from "./code.js";
import { Method, nameOf, StatusOf } from "./columns.js";
import styles from "./requests.module.css";

/** The panel. `attempt` is the id of the one that the address leads to. */
export function Detail({ call, attempt }: { call: Call; attempt: number }) {
  const last = lastOf(call);
  const [chosen, choose] = useState(attempt === call.id ? undefined : attempt);
  const shown = call.attempts.find(({ id }) => id === chosen) ?? last;
  const full = useExchange(shown.id, shown.seq);
  const name = nameOf(last);
  useTitle(name);
  return (
    <section class={`card ${styles.detail}`} aria-labelledby="request-heading">
      <div class="row between">
        <h2 id="request-heading" class={styles.name}>
          <Method value={last.method} />
          {name}
        </h2>
        <a class={styles.close} href={`#${pathWith({ id: "" })}`} aria-label="Close">
          <X aria-hidden="true" size={18} />
        </a>
      </div>
      <code class={styles.target}>{shown.target}</code>
      {call.attempts.length > 1 && (
        <Attempts call={call} shown={shown} choose={(id) => choose(id === last.id ? undefined : id)} />
      )}
      <Facts exchange={shown} />
      <Loaded from={full} what="the request">
        {(exchange) => (
          <>
            <Side title="Request" of={exchange.request} />
            <Side title="Response" of={exchange.response} none={exchange.status === null} />
            <CodeOf exchange={exchange} />
          </>
        )}
      </Loaded>
    </section>
  );
}

interface AttemptsProps {
  call: Call;
  shown: Exchange;
  choose: (id: number) => void;
}

/** Each attempt with the pause before it. */
function Attempts({ call: { attempts, joined }, shown, choose }: AttemptsProps) {
  return (
    <div class={styles.tries}>
      <ol>
        {attempts.map((one, index) => {
          const before = attempts[index - 1];
          const pause = before === undefined ? undefined : one.at - before.at - (before.ms ?? 0);
          return (
            <li key={one.id}>
              <button type="button" aria-pressed={one === shown} onClick={() => choose(one.id)}>
                <span>Attempt {index + 1}</span>
                <StatusOf exchange={one} />
                <span class="muted small">
                  {pause === undefined ? "" : `after ${millis(Math.max(0, pause))}, `}
                  {one.ms === null ? "under way" : `took ${millis(one.ms)}`}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      <p class="hint">
        {joined === "key"
          ? "Joined by their idempotency key."
          : "Treated as one call, because the same request was sent again after a failure."}
        {joined !== "key" && attempts[0]?.method !== "GET" && " An idempotency key would make that certain."}
      </p>
    </div>
  );
}

function Facts({ exchange: { at, ms, requestId, idempotencyKey, account, fault, ...rest } }: { exchange: Exchange }) {
  return (
    <dl class="terms">
      <dt>Status</dt>
      <dd>
        <StatusOf exchange={{ at, ms, requestId, idempotencyKey, account, fault, ...rest }} />
        {ms !== null && <span class="muted small"> in {millis(ms)}</span>}
      </dd>
      <dt>At</dt>
      <dd>{fully(new Date(at))}</dd>
      {fault !== null && (
        <>
          <dt>Fault</dt>
          <dd>
            <Tag tone="unsure">{fault}</Tag>{" "}
            <span class="muted small">This rule or magic number decided the response.</span>
          </dd>
        </>
      )}
      {requestId !== null && (
        <>
          <dt>Request id</dt>
          <dd>
            <Copyable value={requestId} label="the request id" />
          </dd>
        </>
      )}
      {idempotencyKey !== null && (
        <>
          <dt>Idempotency key</dt>
          <dd>
            <Copyable value={idempotencyKey} label="the idempotency key" />
          </dd>
        </>
      )}
      {account !== null && (
        <>
          <dt>Sub-account</dt>
          <dd>
            <code>{account}</code>
          </dd>
        </>
      )}
    </dl>
  );
}

interface SideProps {
  title: string;
  of: FullExchange["request"];
  /** Nothing was received. */
  none?: boolean;
}

function Side({ title, of: { headers, body }, none = false }: SideProps) {
  const names = Object.keys(headers);
  return (
    <section class={styles.side} aria-label={title}>
      <div class="row between">
        <h3>{title}</h3>
        <span class="muted small">{body.size > 0 ? bytes(body.size) : ""}</span>
      </div>
      {none ? (
        <p class="muted">Nothing reached the client.</p>
      ) : (
        <>
          {names.length > 0 && (
            <details class={`fold ${styles.headers}`}>
              <summary>{names.length} headers</summary>
              <dl>
                {names.map((name) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{headers[name]}</dd>
                  </div>
                ))}
              </dl>
            </details>
          )}
          {body.text === null ? (
            <p class="muted">Not a text.</p>
          ) : body.text === "" ? (
            <p class="muted small">No body.</p>
          ) : (
            <pre class={styles.body} tabIndex={0}>
              {pretty(body.text)}
            </pre>
          )}
          {body.cut && <p class="hint">Only the beginning is kept.</p>}
        </>
      )}
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
