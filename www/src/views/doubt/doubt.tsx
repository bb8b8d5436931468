// What may have happened: everything whose response was lost and of which it is not known yet what became of it. It is
// looked for by itself; what cannot be found out is decided here, by a person.

import { Search } from "lucide-preact";
import { tell } from "../../app/notices.js";
import { type Found, found, isWorthTelling, lookForDoubts, useDoubts } from "../../data/doubts.js";
import { changed } from "../../data/queries.js";
import { account, isLive, ledgerLasts } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { count } from "../../ui/format.js";
import { placeOf, wordsOf } from "../../ui/intent-words.js";
import { Empty, Loaded } from "../../ui/states.js";
import { When } from "../../ui/values.js";
import styles from "./doubt.module.css";
import { IntentCard } from "./intent-card.js";

/** The view. */
export default function InDoubt(_: { id: string }) {
  const doubts = useDoubts();
  return (
    <>
      <div class="head">
        <h1>In doubt</h1>
        {(doubts.data ?? []).length > 0 && (
          <Action class="primary" run={lookAgain}>
            <Search aria-hidden="true" size={16} />
            Look again
          </Action>
        )}
      </div>
      <p class="lead muted">
        Requests whose response was lost. The console finds out what happened and never sends them a second time. If it
        cannot find out, you decide.
      </p>
      {ledgerLasts() === "page" && (
        <p class="note">
          This page cannot store anything here, and a reload forgets what is in doubt. Decide it before you leave.
        </p>
      )}
      {isLive() && ledgerLasts() === "origin" && (doubts.data ?? []).length > 0 && (
        <p class="note">
          This is kept until the server of this console is stopped: each run has a browser storage of its own. Find out
          before you stop it.
        </p>
      )}
      <Loaded from={doubts} what="what is in doubt">
        {(all) => {
          const shown = all.filter(isWorthTelling);
          return shown.length === 0 ? (
            <Empty title="Nothing is in doubt.">
              <p>The outcome of every request is known.</p>
            </Empty>
          ) : (
            <ul class="stack" aria-label="In doubt">
              {shown.map((intent) => (
                <IntentCard key={intent.key} intent={intent} inSub={account.value !== null} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {found.value.length > 0 && <CameToLight all={found.value} />}
    </>
  );
}

async function lookAgain(): Promise<void> {
  const news = await lookForDoubts();
  await changed();
  tell(news.length === 0 ? "Looked again: nothing new." : `Looked again: ${count(news.length, "thing")} found.`);
}

/** What was found while the page is open. */
function CameToLight({ all }: { all: readonly Found[] }) {
  return (
    <section class={styles.settled} aria-labelledby="came-to-light">
      <h2 id="came-to-light">Found since you opened this page</h2>
      <ul class="plain-list">
        {all.map(({ key, operation, id, at }) => {
          const { what, done, noun } = wordsOf(operation);
          return (
            <li key={key} class="row">
              <span>
                {what}: it was {done}.
              </span>
              <a href={`#${placeOf(operation, id)}`}>Open the {noun}</a>
              <When at={new Date(at).toISOString()} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
