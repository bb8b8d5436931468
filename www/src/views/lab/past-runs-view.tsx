// The earlier runs of this tab: chosen again with a click, and two of them side by side.

import { signal } from "@preact/signals";
import { clock } from "../../ui/format.js";
import { BurstLanes } from "./burst-view.js";
import { choosing, differences, type PastRun } from "./past-runs.js";
import styles from "./past-runs.module.css";
import { forgetRuns, pastRuns } from "./past-runs-store.js";
import { end } from "./scale.js";
import { Timeline } from "./timeline.js";

/** Those that are compared; kept while other views are shown. */
const chosen = signal<readonly string[]>([]);

/** The section; nothing before the first run. */
export function PastRuns() {
  const runs = pastRuns.value;
  if (runs.length === 0) return null;
  const [one, other] = chosen.value.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  return (
    <section class={`card ${styles.past}`} aria-label="Earlier runs">
      <div class="row between">
        <h2>Earlier runs</h2>
        <button type="button" class="link small" onClick={forgetRuns}>
          Forget them
        </button>
      </div>
      <p class="muted small">Kept in this tab. Choose two to compare them.</p>
      <ol class={styles.runs}>
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </ol>
      {one !== undefined && other !== undefined && <TwoRuns one={one} other={other} />}
    </section>
  );
}

function Row({ run: { id, at, title, place, result, fact, verdict, others } }: { run: PastRun }) {
  const time = clock(new Date(at));
  return (
    <li>
      <input
        type="checkbox"
        aria-label={`Compare ${title}, ${time}`}
        checked={chosen.value.includes(id)}
        onChange={() => (chosen.value = choosing(chosen.value, id))}
      />
      <div>
        <a href={`#${place}`}>{title}</a>
        <p class="muted small">
          {time} · {fact}
          {others.map((other) => (
            <span key={other.name}>
              {" · "}
              {other.name}: <span class={other.twice ? styles.twice : ""}>{other.fact}</span>
            </span>
          ))}
        </p>
      </div>
      <span class={`badge ${verdict.tone}`}>{result}</span>
    </li>
  );
}

/** Their names, in the pictures and in the table. */
const NAMES = ["A", "B"];

function TwoRuns({ one, other }: { one: PastRun; other: PastRun }) {
  const until = Math.max(...[one, other].flatMap(({ calls }) => calls.map((entries) => end(entries, 0))), 1);
  return (
    <section class={styles.two} aria-label="Two runs side by side">
      <div class={styles.lanes}>
        {[one, other].map((run, index) => (
          <div key={run.id}>
            <h3>
              {NAMES[index]}: {run.title}
            </h3>
            <p class="muted small">{clock(new Date(run.at))}</p>
            <Did run={run} until={until} />
          </div>
        ))}
      </div>
      <table class={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">{NAMES[0]}</th>
            <th scope="col">{NAMES[1]}</th>
          </tr>
        </thead>
        <tbody>
          {differences(one, other).map((row) => (
            <tr key={row.term} class={row.same ? "" : styles.differs}>
              <th scope="row">{row.term}</th>
              <td>{row.one}</td>
              <td>{row.other}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Did({ run: { calls }, until }: { run: PastRun; until: number }) {
  const [first] = calls;
  if (first === undefined) return <p class="muted small">It did too much to be kept.</p>;
  return calls.length === 1 ? (
    <Timeline entries={first} now={0} least={until} />
  ) : (
    <BurstLanes calls={calls} now={0} least={until} />
  );
}
