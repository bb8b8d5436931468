// In the place of a form whose response was lost: what became of it as soon as that is known, what is being done until
// then, and no button that would do it again.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useCandidate } from "../data/candidates.js";
import { inSight, useIntent } from "../data/doubts.js";
import type { Doubt } from "../data/once.js";
import { placeOf, wordsOf } from "./intent-words.js";
import { Problem } from "./problem.js";
import { Status, When } from "./values.js";

const IN_DOUBT = "#/in-doubt";

interface DoubtPanelProps {
  doubt: Doubt;
  /** What it is about, as in `It is not known whether … was called`; with what was done. */
  what: string;
  /** Closes what it is shown in, where it is left for another view. */
  close?: () => void;
  /** Back to the form; it is told whether the outcome is known. */
  back: (known: boolean) => void;
  /** The word on the button that goes back. */
  backTo?: string;
  /** In the place of the link to what was made. */
  children?: ComponentChildren;
  /** What is done once it is known that it happened. */
  onPlaced?: () => void;
}

/** The panel. */
export function DoubtPanel({ doubt, what, close, back, backTo = "Back", children, onPlaced }: DoubtPanelProps) {
  const { key, operation, main, earlier } = doubt;
  const { data: intent, error } = useIntent(key, main);
  const state = intent?.state;
  const { done, noun } = wordsOf(operation);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    inSight.add(key);
    // What had the focus is gone with the form.
    box.current?.focus();
    return () => void inSight.delete(key);
  }, [key]);
  const placed = state === "placed";
  useEffect(() => {
    if (placed) onPlaced?.();
  }, [placed]);
  // Nothing is said before it has been read: it may be known already.
  if (intent === undefined && error === null) return <div class="stack doubt" ref={box} tabIndex={-1} />;
  const known = placed || state === "not_placed" || state === "refused" || intent === null;
  return (
    <div class="stack doubt" ref={box} tabIndex={-1} data-state={state ?? "forgotten"}>
      <div class={placed ? "problem fine" : "problem unsure"} role="status">
        {placed ? (
          <p>
            <strong>It was {done}.</strong> The response was lost, but {what}.
            {intent?.how === "likely" && ` No other ${noun} fits.`}
          </p>
        ) : known ? (
          <p>
            <strong>{intent ? `It was not ${done}.` : "Nothing is known of it any more."}</strong>
            {state === "not_placed" && " That is what was decided under “In doubt”."}
          </p>
        ) : (
          <>
            <p>
              <strong>It is not known whether {what}.</strong>
              {earlier && " The response to an earlier try was lost; nothing was sent now."}
            </p>
            <Looking doubt={doubt} state={state} />
          </>
        )}
      </div>
      <Problem error={error} />
      {state === "ambiguous" && (
        <Candidates operation={operation} ids={intent?.candidates ?? []} main={main} close={close} />
      )}
      {!known && intent && (
        <p class="muted small">
          Sent <When at={intent.sentAt.toISOString()} />. It is kept under “In doubt” until it is known.
        </p>
      )}
      <div class="row">
        {placed &&
          (children ?? (
            <a class="button primary" href={`#${placeOf(operation, intent?.id ?? "")}`} onClick={close}>
              Open the {noun}
            </a>
          ))}
        {!known && (
          <a class="button primary" href={IN_DOUBT} onClick={close}>
            Open “In doubt”
          </a>
        )}
        <button type="button" onClick={() => back(known)}>
          {backTo}
        </button>
      </div>
    </div>
  );
}

/** What is being done about it. */
function Looking({ doubt: { operation }, state }: { doubt: Doubt; state: string | undefined }) {
  const { noun, asked = true } = wordsOf(operation);
  if (state === "ambiguous") return <p>More than one {noun} might be it. Say under “In doubt” which one it is.</p>;
  if (!asked) return <p>AgentPhone has nothing that could be asked. Find out for yourself, then say it there.</p>;
  return (
    <p>
      Not found so far; we keep looking. AgentPhone is asked again and again for as long as this page is open, and
      nothing is sent a second time meanwhile.
    </p>
  );
}

interface CandidatesProps {
  operation: string;
  ids: readonly string[];
  /** They belong to the main account. */
  main: boolean;
  close?: (() => void) | undefined;
}

/** Links to the objects that might be it, each with its state and time. */
export function Candidates({ operation, ids, main, close }: CandidatesProps) {
  const { noun } = wordsOf(operation);
  return (
    <ul class="plain-list">
      {ids.map((id, index) => (
        <li key={id} class="row">
          <a href={`#${placeOf(operation, id)}`} onClick={close}>
            Open {noun} {index + 1}
          </a>
          <About operation={operation} id={id} main={main} />
          <code class="muted small">{id}</code>
        </li>
      ))}
    </ul>
  );
}

/** What distinguishes one of them from the others. */
function About({ operation, id, main }: { operation: string; id: string; main: boolean }) {
  const { data } = useCandidate(operation, id, main);
  return (
    <>
      {data?.status && <Status value={data.status} />}
      {data?.at && <When at={data.at} />}
    </>
  );
}
