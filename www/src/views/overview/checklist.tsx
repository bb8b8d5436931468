// What is missing for a first call, for those who have just come; gone when it is all there.

import { signal } from "@preact/signals";
import { Check, Circle } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { openPlaceCall } from "../../app/place-call.js";
import { showWeek } from "../../app/show-week.js";
import { isLive } from "../../session/session.js";
import styles from "./checklist.module.css";
import { complete, type SetUp, useSetUp } from "./data.js";

const KEPT_AS = "agentphone-checklist";
/** Somebody knows it all. */
const hidden = signal(localStorage.getItem(KEPT_AS) === "hidden");

function hide(): void {
  hidden.value = true;
  localStorage.setItem(KEPT_AS, "hidden");
}

/** The list, or nothing. */
export function Checklist() {
  const setUp = useSetUp().data;
  if (setUp === undefined || complete(setUp) || hidden.value) return null;
  const done = Object.values(setUp).filter(Boolean).length;
  return (
    <section class={`card ${styles.checklist}`} aria-labelledby="checklist-heading">
      <div class="row between">
        <h2 id="checklist-heading">{done === 0 ? "Your first call is two clicks away" : "Getting started"}</h2>
        <span class="row">
          <span class="muted small">{done} of 4 done</span>
          <button type="button" class="link small" onClick={hide}>
            Hide
          </button>
        </span>
      </div>
      {!setUp.call && !isLive() && (
        <p class="row">
          <button type="button" class="primary" onClick={() => openPlaceCall()}>
            Place your first call
          </button>
          <button type="button" onClick={() => void showWeek()}>
            Show two weeks of activity
          </button>
          <span class="muted">
            The sandbox makes an agent with a number for you, and somebody answers. Or{" "}
            <a href="#/first-call">go step by step</a>.
          </span>
        </p>
      )}
      <Steps {...setUp} />
    </section>
  );
}

function Steps({ agent, number, webhook, call }: SetUp) {
  return (
    <ol class={styles.steps}>
      <Step done={agent} name="Create an agent" about="It talks and texts for you.">
        <a class="button" href="#/agents">
          Create an agent
        </a>
      </Step>
      <Step
        done={number}
        name="Buy it a number"
        about={isLive() ? "People reach it there. $3 a month." : "People reach it there. $3, simulated."}
      >
        <a class="button" href="#/numbers">
          Buy a number
        </a>
      </Step>
      <Step done={webhook} name="Set a webhook" about="Your code hears what happens.">
        <a class="button" href="#/webhooks">
          Set a webhook
        </a>
      </Step>
      <Step done={call} name="Place a call" about="Watch it being spoken.">
        {isLive() ? (
          <button type="button" onClick={() => openPlaceCall()}>
            Place a first call
          </button>
        ) : (
          <a class="button" href="#/first-call">
            Follow the guide
          </a>
        )}
      </Step>
    </ol>
  );
}

function Step({
  done,
  name,
  about,
  children,
}: {
  done: boolean;
  name: string;
  about: string;
  children: ComponentChildren;
}) {
  return (
    <li class={done ? styles.done : ""}>
      {done ? <Check aria-label="Done:" size={20} /> : <Circle aria-label="To do:" size={20} />}
      <div>
        <strong>{name}</strong>
        <p class="muted small">{about}</p>
      </div>
      {!done && children}
    </li>
  );
}
