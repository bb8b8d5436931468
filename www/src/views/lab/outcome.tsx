// How a run ended: what the client told, and beside it what really happened.

import type { AgentPhoneError } from "agentphone-wasm";
import { type ComponentChildren, Fragment } from "preact";
import { count, millis, money } from "../../ui/format.js";
import { judge, type Verdict } from "./judge.js";
import styles from "./result.module.css";
import type { Report } from "./run.js";

/** Terms and values. */
export function Terms({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="terms">
      {rows.map(([term, value]) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** What the client told. */
export function ToldView({ told, choice }: Report) {
  if (told.ok) {
    return (
      <Terms
        rows={[
          ["Result", <strong class="badge good">Success</strong>],
          ["HTTP status", String(told.status)],
          ["Attempts", String(told.attempts)],
          ["Took", millis(told.elapsed)],
        ]}
      />
    );
  }
  const { error } = told;
  return (
    <Terms
      rows={[
        ["Class", <code>{error.name}</code>],
        ["Code", <code class={error.outcomeUnknown ? "badge unsure" : "badge bad"}>{error.code}</code>],
        ["HTTP status", error.status === undefined ? "none: no answer came" : String(error.status)],
        ["Retry after", error.retryAfter === undefined ? "not said" : `${error.retryAfter} s`],
        ["Outcome unknown", unknownInWords(error, choice.operation.kind)],
        ["Retryable", retryableInWords(error)],
        ["Attempts", String(error.attempts)],
        ["Took", millis(error.elapsed)],
        ["Message", error.message],
      ]}
    />
  );
}

const SURE = {
  effect: "no, it did not happen",
  idempotent: "no, a repeat leaves the same state",
  read: "no, a read changes nothing",
};

function unknownInWords({ outcomeUnknown }: AgentPhoneError, kind: keyof typeof SURE): string {
  return outcomeUnknown ? "yes, it may have happened: look before you repeat it" : SURE[kind];
}

function retryableInWords({ retryable, outcomeUnknown }: AgentPhoneError): string {
  if (retryable) return "yes, trying again later can help";
  return outcomeUnknown ? "no, not before you have looked" : "no, the same request would fail again";
}

interface Counted {
  sent: number;
  received: number;
  happened: number;
  spent: number;
  foreign?: number;
}

/** What the sandbox counted, and the verdict. */
export function TruthView({
  verdict,
  fact,
  counted,
  children,
}: {
  verdict: Verdict;
  fact: string;
  counted: Counted;
  children?: ComponentChildren;
}) {
  const { sent, received, happened, spent, foreign = 0 } = counted;
  return (
    <>
      <p class={styles.fact}>{fact}</p>
      <Terms
        rows={[
          ["Sent", `${count(sent, "request")} by the client`],
          ["Received", `${count(received, "request")} by the sandbox`],
          ["Performed", count(happened, "time")],
          ...(foreign === 0 ? [] : [["By somebody else", count(foreign, "time")] as const]),
          ...(spent === 0 ? [] : [["Cost", `${money(spent)} (simulated)`] as const]),
        ]}
      />
      <div class={[styles.verdict, styles[verdict.tone]].filter(Boolean).join(" ")} data-verdict={verdict.tone}>
        <strong>{verdict.name}</strong>
        <p>{verdict.text}</p>
      </div>
      {children}
    </>
  );
}

/** What really happened in a run. */
export const Truth = (report: Report) => (
  <TruthView verdict={judge(report)} fact={report.choice.operation.truth(report.happened)} counted={report} />
);

/** One sentence for whoever listens. */
export function summary(report: Report): string {
  const { told, choice, happened, sent } = report;
  const how = told.ok ? "Success" : told.error.code;
  return `${how} after ${count(sent, "attempt")}. Ledger: ${choice.operation.truth(happened)}. ${judge(report).name}.`;
}
