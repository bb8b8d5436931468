// The fault lab: choose an operation and a fault, run it, and see what the client did and told beside what
// really happened.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { canBeTest } from "./as-tests.js";
import { Beside } from "./beside.js";
import { type BurstReport, crowd } from "./burst.js";
import { BurstLanes, BurstTold, BurstTruth, burstSummary } from "./burst-view.js";
import { type Choice, chosen } from "./choice.js";
import { ChoiceForm } from "./choice-form.js";
import { canCompare } from "./other.js";
import { summary, ToldView, Truth } from "./outcome.js";
import { keepBurst, keepOther, keepRun } from "./past-runs-store.js";
import { PastRuns } from "./past-runs-view.js";
import type { Entry } from "./recorder.js";
import styles from "./result.module.css";
import { provoke, type Report } from "./run.js";
import { Stories } from "./stories.js";
import { TestCode } from "./test-code.js";
import { Legend, Timeline, useRunning } from "./timeline.js";

/** A run, as far as it has come. */
interface Run {
  choice: Choice;
  began: number;
  running: boolean;
  calls: readonly (readonly Entry[])[];
  report?: Report;
  burst?: BurstReport;
  /** Its name among the earlier runs, once it is over. */
  kept?: string;
}

const described = ({ choice }: Run): string => `${choice.operation.id}: ${choice.fault.label}`;

/** The view. */
export default function Lab(_: { id: string }) {
  const [run, setRun] = useState<Run | undefined>(undefined);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const choice = chosen();

  const begin = async (): Promise<void> => {
    const leaving = new AbortController();
    stop.current = leaving;
    const start: Run = { choice, began: performance.now(), running: true, calls: [] };
    const show = (calls: Run["calls"]): void => setRun({ ...start, began: performance.now() - since(calls), calls });
    setRun(start);
    try {
      if (choice.fault.burst === undefined) {
        const report = await provoke(choice, (entries) => show([entries]), leaving.signal);
        setRun({ ...start, running: false, calls: [report.entries], report, kept: keepRun(report) });
      } else {
        const burst = await crowd(choice, choice.fault.burst, show, leaving.signal);
        setRun({ ...start, running: false, calls: burst.calls, burst, kept: keepBurst(burst) });
      }
    } catch (error) {
      setRun(undefined);
      if (!leaving.signal.aborted) throw error;
    } finally {
      stop.current = undefined;
    }
    await changed();
  };

  return (
    <>
      <div class="head">
        <h1>Fault lab</h1>
      </div>
      <p class="lead muted">
        Break something on purpose: see what the client does about it, what it tells you, and what really happened. The
        lab uses an agent of its own, “Fault lab”, and buys it a number. The cost is simulated.
      </p>
      <Stories choice={choice} />
      <ChoiceForm
        choice={choice}
        run={begin}
        beside={
          run?.running === true && (
            <button type="button" onClick={() => stop.current?.abort()}>
              Stop
            </button>
          )
        }
      />
      <p class={styles.status} role="status">
        {run === undefined ? "" : told(run)}
      </p>
      {run === undefined ? <Nothing /> : <Outcome run={run} />}
      <PastRuns />
    </>
  );
}

/** The time that the latest of the events stands at. */
const since = (calls: Run["calls"]): number =>
  Math.max(0, ...calls.flat().map((entry) => entry.at + (entry.kind === "stop" ? 0 : (entry.took ?? 0))));

function told(run: Run): string {
  if (run.report !== undefined) return summary(run.report);
  return run.burst === undefined ? `Running ${described(run)}` : burstSummary(run.burst);
}

function Outcome({ run }: { run: Run }) {
  const now = useRunning(run.running, run.began);
  const { report, burst, calls, kept } = run;
  const crowded = run.choice.fault.burst !== undefined;
  return (
    <div class={styles.result} aria-busy={run.running}>
      <Part title="What the client did" whole>
        <p class="muted small">{described(run)}</p>
        {crowded ? <BurstLanes calls={calls} now={now} /> : <Timeline entries={calls[0] ?? []} now={now} />}
        <Legend />
      </Part>
      <Part title="What it told">
        {report && <ToldView {...report} />}
        {burst && <BurstTold {...burst} />}
      </Part>
      <Part title="What really happened">
        {report && <Truth {...report} />}
        {burst && <BurstTruth {...burst} />}
      </Part>
      {report && canCompare(report.choice) && (
        <Part title="The same with others" whole>
          <Beside
            key={run.began}
            report={report}
            onOther={(name, other) => kept !== undefined && keepOther(kept, report.choice, name, other)}
          />
        </Part>
      )}
      {report && canBeTest(report.choice.operation.id) && (
        <Part title="As a test" whole>
          <TestCode report={report} />
        </Part>
      )}
    </div>
  );
}

/** A part of the result, over its whole width or beside the next. */
function Part({ title, whole = false, children }: { title: string; whole?: boolean; children: ComponentChildren }) {
  return (
    <section class={whole ? `card ${styles.whole}` : "card"} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const Nothing = () => (
  <div class="empty">
    <p class="empty-title">Nothing has been run yet.</p>
    <p>
      Choose what goes wrong and press Run. A lost answer, which is chosen now unless you changed it, is the one that
      makes other clients ring twice.
    </p>
  </div>
);
