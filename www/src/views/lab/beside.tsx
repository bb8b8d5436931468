// The run of the client, and beside it the same with the official SDK and with plain `fetch`.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { Action } from "../../ui/action.js";
import { count, money } from "../../ui/format.js";
import styles from "./lab.module.css";
import { NotIncluded, officially } from "./official.js";
import { type OtherReport, runOther, type Sender } from "./other.js";
import { plainly } from "./plain.js";
import type { Report } from "./run.js";

/** Whom it is compared with, in this order. */
const OTHERS: readonly { name: string; send: Sender }[] = [
  { name: "Official SDK", send: officially },
  { name: "fetch in a retry loop", send: plainly },
];

/** What came of the others so far; undefined for one that is still to come. */
type Came = OtherReport | "not included" | undefined;

interface BesideProps {
  report: Report;
  /** Told what another program came to. */
  onOther: (name: string, other: OtherReport) => void;
}

/** The section; for runs that can be compared. */
export function Beside({ report, onOther }: BesideProps) {
  const [came, setCame] = useState<readonly Came[] | undefined>(undefined);
  const leaving = useRef(new AbortController());
  useLayoutEffect(() => () => leaving.current.abort(), []);
  const { choice, told, sent, happened, spent } = report;
  const learned = told.ok
    ? `HTTP ${told.status}`
    : `${told.error.code}${told.error.outcomeUnknown ? ", and that it may have happened" : ""}`;

  const compare = async (): Promise<void> => {
    const { signal } = leaving.current;
    const all: Came[] = [];
    setCame([]);
    try {
      for (const { name, send } of OTHERS) {
        all.push(await orNot(runOther(choice, send, signal)));
        setCame([...all]);
        const last = all.at(-1);
        if (typeof last === "object") onOther(name, last);
      }
    } catch (error) {
      if (signal.aborted) return;
      setCame(undefined);
      throw error;
    }
    await changed();
  };

  return (
    <>
      <p class="muted">
        The same request with the official SDK, with as many retries, and with plain <code>fetch</code> in the usual
        loop: three attempts, after network errors, timeouts, 429 and 5xx.
      </p>
      {came === undefined ? (
        <div class="row">
          <Action run={compare}>Compare with both</Action>
        </div>
      ) : (
        <div class={styles.beside} aria-busy={came.length < OTHERS.length}>
          <Side name="agentphone-wasm" truth={choice.operation.truth(happened)} twice={happened > 1}>
            {{ sent, learned, spent }}
          </Side>
          {OTHERS.map(({ name }, index) => {
            const one = came[index];
            if (one === undefined) return <Waits key={name} name={name} now={index === came.length} />;
            if (one === "not included") return <Missing key={name} name={name} />;
            return (
              <Side key={name} name={name} truth={choice.operation.truth(one.happened)} twice={one.happened > 1}>
                {one}
              </Side>
            );
          })}
        </div>
      )}
    </>
  );
}

const orNot = (run: Promise<OtherReport>): Promise<OtherReport | "not included"> =>
  run.catch((error: unknown) => {
    if (error instanceof NotIncluded) return "not included";
    throw error;
  });

interface SideProps {
  name: string;
  truth: string;
  /** It happened more often than it was wanted. */
  twice: boolean;
  children: { sent: number; learned: string; spent: number };
}

function Side({ name, truth, twice, children: { sent, learned, spent } }: SideProps) {
  return (
    <section class={styles.side} aria-label={name}>
      <h3>{name}</h3>
      <p class={twice ? styles.twice : styles.once}>{truth}</p>
      <dl class="terms">
        <dt>Sent</dt>
        <dd>{count(sent, "request")}</dd>
        <dt>Learned</dt>
        <dd>{learned}</dd>
        {spent > 0 && (
          <>
            <dt>Cost</dt>
            <dd>{money(spent)} (simulated)</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Its turn has not come, or it runs. Retries take seconds. */
const Waits = ({ name, now }: { name: string; now: boolean }) => (
  <section class={styles.side} aria-label={name}>
    <h3>{name}</h3>
    <p class="muted" role="status">
      {now ? "Running…" : "Next"}
    </p>
  </section>
);

const Missing = ({ name }: { name: string }) => (
  <section class={styles.side} aria-label={name}>
    <h3>{name}</h3>
    <p class="muted">
      Not part of this console, because its package has no licence under which it could be passed on. In a clone of the
      repository, <code>npm start</code> has it.
    </p>
  </section>
);
