// Who is reached, and what became of each: kept in sight until somebody closes it.

import { useIntent } from "../../data/doubts.js";
import { Action } from "../../ui/action.js";
import { count } from "../../ui/format.js";
import { usePersonText } from "../../ui/person.js";
import { phoneText } from "../../ui/values.js";
import type { Job } from "./job.js";
import { leftOf, type Person, type Result, tally } from "./plan.js";
import styles from "./reach.module.css";

/** Who it is about, before anything is sent. */
export function People({ people }: { people: readonly Person[] }) {
  return (
    <div class={styles.list} tabIndex={0} role="region" aria-label="Who">
      <ul>
        {people.map((person) => (
          <li key={person.phone}>
            <Name person={person} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Name({ person: { phone, name } }: { person: Person }) {
  const textOf = usePersonText();
  const shown = name ?? textOf(phone);
  const number = phoneText(phone);
  return (
    <span class={styles.who}>
      {shown} {shown !== number && <span class="muted small">{number}</span>}
    </span>
  );
}

/** Not for the second click of a double click, whose first one has sent the form that was here. */
const single =
  (act: () => void) =>
  ({ detail }: MouseEvent): void => {
    if (detail < 2) act();
  };

/** What became of each so far. */
export function Results({ job, close }: { job: Job; close: () => void }) {
  const results = job.results.value;
  const running = job.running.value;
  const left = leftOf(job.people, results).length;
  const done = job.content.way === "text" ? "sent" : "placed";
  const told = tally(results.values(), done);
  return (
    <>
      <p role="status" class={styles.told}>
        {running ? `${told === "" ? "Nothing yet" : told}; ${left} to go` : told}
      </p>
      <div class={styles.list} tabIndex={0} role="region" aria-label="What became of each">
        <ul>
          {job.people.map((person) => (
            <li key={person.phone}>
              <Name person={person} />
              <State
                result={results.get(person.phone) ?? { state: "waits" }}
                done={done}
                leave={running ? undefined : close}
              />
            </li>
          ))}
        </ul>
      </div>
      <div class="row">
        {running ? (
          <button type="button" onClick={single(() => job.stop())}>
            Stop
          </button>
        ) : (
          <button type="button" class="primary" onClick={single(close)}>
            Close
          </button>
        )}
        {!running && left > 0 && <Action run={() => job.run()}>Try {count(left, "person", "people")} again</Action>}
      </div>
    </>
  );
}

interface StateProps {
  result: Result;
  done: string;
  /** Absent while others are under way: to leave would stop them. */
  leave: (() => void) | undefined;
}

const IN_DOUBT = "/in-doubt";
const WORDS = { waits: "Waits", now: "Being sent…", refused: "Failed", skipped: "Not tried" };

function State({ result, done, leave }: StateProps) {
  const { state, why, place, key } = result;
  if (state === "doubt") return <InDoubt name={key ?? ""} done={done} leave={leave} />;
  if (state === "done") return <Leads to={place} leave={leave} name={capital(done)} />;
  return (
    <span class={state === "refused" ? styles.why : "muted small"}>
      {WORDS[state]}
      {why !== undefined && `: ${why}`}
    </span>
  );
}

/** A response was lost: it is looked for, and never sent again. */
function InDoubt({ name, done, leave }: Pick<StateProps, "done" | "leave"> & { name: string }) {
  const { data: intent } = useIntent(name, false);
  if (intent?.state === "placed") return <span class="muted small">{capital(done)}, the response was lost</span>;
  if (intent?.state === "not_placed" || intent?.state === "refused") return <span class="muted small">Not {done}</span>;
  return (
    <span class={styles.doubt}>
      <Leads to={IN_DOUBT} leave={leave} name="In doubt" />
    </span>
  );
}

/** A link to another view, as soon as one may leave. */
function Leads({ to, leave, name }: { to: string | undefined; leave: (() => void) | undefined; name: string }) {
  if (to === undefined || leave === undefined) return <span class="small">{name}</span>;
  return (
    <a class="small" href={`#${to}`} onClick={leave}>
      {name}
    </a>
  );
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
