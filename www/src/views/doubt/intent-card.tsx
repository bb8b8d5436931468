// One thing that may have happened: what, since when, what is known, and a person's word on it.

import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { type Doubtful, decide } from "../../data/doubts.js";
import { partsOf } from "../../data/intent-key.js";
import { Action } from "../../ui/action.js";
import { Candidates } from "../../ui/doubt-panel.js";
import { count } from "../../ui/format.js";
import { meaningOf, wordsOf } from "../../ui/intent-words.js";
import { Tag, When } from "../../ui/values.js";
import styles from "./doubt.module.css";
import { HappenedDialog } from "./happened-dialog.js";

/** The card. `inSub`: one acts in a sub-account, so that it must be told whose it is. */
export function IntentCard({ intent, inSub }: { intent: Doubtful; inSub: boolean }) {
  const { operation, state, key, sentAt, sends, candidates = [], main } = intent;
  const [asking, ask] = useState(false);
  const { what, list, done } = wordsOf(operation);
  const { name, means } = meaningOf(state, operation);
  const note = partsOf(key)?.note ?? "";
  const title = note === "" ? what : `${what} ${note}`;
  return (
    <li class={`card ${styles.card}`} aria-label={title} data-state={state}>
      <div class="row between">
        <h2>{title}</h2>
        <Tag tone="unsure">{name}</Tag>
      </div>
      <p>{means}</p>
      {candidates.length > 0 && <Candidates operation={operation} ids={candidates} main={main} />}
      <p class="muted small">
        Sent <When at={sentAt.toISOString()} />
        {sends > 1 && `, ${count(sends, "time")}`}
        {inSub && (main ? ", in the main account" : ", in this sub-account")}.{" "}
        <a href={`#${list}`}>Look for yourself</a>
      </p>
      <div class="row">
        <button type="button" onClick={() => ask(true)}>
          It was {done}…
        </button>
        <Action class="danger" run={() => didNotHappen(intent, title)}>
          It was not {done}…
        </Action>
      </div>
      {asking && <HappenedDialog intent={intent} close={() => ask(false)} />}
    </li>
  );
}

async function didNotHappen(intent: Doubtful, title: string): Promise<void> {
  const { done, twice, list } = wordsOf(intent.operation);
  const yes = await confirm({
    title: `It was not ${done}?`,
    body: (
      <>
        <p>
          {title}, sent <When at={intent.sentAt.toISOString()} />. After this it can be done again. If it was {done}{" "}
          after all, or still is, {twice}.
        </p>
        <p>
          Look first: <a href={`#${list}`}>here it would be</a>. Calls have been seen to be placed 49 minutes late.
        </p>
      </>
    ),
    action: `It was not ${done}`,
    danger: true,
  });
  if (!yes) return;
  await decide(intent, false);
  tell(`Noted: it was not ${done}. It can be done again.`);
}
