// How far a registration is, as the steps that it goes through.

import type { RegistrationStatus } from "agentphone-wasm";
import { Check, X } from "lucide-preact";
import { Status, When } from "../../ui/values.js";
import styles from "./course.module.css";

type Place = "done" | "now" | "ahead" | "failed";

interface Step {
  title: string;
  about: string;
  place: Place;
}

/** The stages that the API has been seen to name; an unknown one counts as the first review. */
const STAGES = ["brand_review", "campaign_review"];

function stepsOf({ campaign_status: state, stage }: RegistrationStatus): Step[] {
  const at = { none: 0, approved: 4, rejected: 3 }[state as string] ?? 1 + Math.max(0, STAGES.indexOf(stage ?? ""));
  const place = (step: number): Place =>
    step < at ? "done" : step > at ? "ahead" : state === "rejected" ? "failed" : "now";
  return [
    { title: "Filed", about: "You tell who you are and what you send", place: place(0) },
    { title: "Brand review", about: "Who you are is checked", place: place(1) },
    { title: "Campaign review", about: "What you send is checked", place: place(2) },
    state === "rejected"
      ? { title: "Rejected", about: "Say more clearly what you send, and file again", place: place(3) }
      : { title: "Approved", about: "Your numbers may send texts", place: place(3) },
  ];
}

const WORDS: Record<Place, string> = { done: "done", now: "now", ahead: "to come", failed: "turned down" };

/** The steps. */
export function Course({ status, submittedAt }: { status: RegistrationStatus; submittedAt: unknown }) {
  return (
    <section class="card" aria-label="How far it is">
      <div class="row between">
        <p role="status">
          {status.campaign_status === "none" ? (
            "Nothing is filed yet."
          ) : (
            <>
              <Status value={status.campaign_status} /> {status.message}
            </>
          )}
        </p>
        {typeof submittedAt === "string" && (
          <span class="muted small">
            Filed <When at={submittedAt} />
          </span>
        )}
      </div>
      <ol class={styles.steps}>
        {stepsOf(status).map(({ title, about, place }, index) => (
          <li key={title} class={styles[place]} aria-current={place === "now" ? "step" : undefined}>
            <span class={styles.mark} aria-hidden="true">
              {place === "done" ? <Check size={14} /> : place === "failed" ? <X size={14} /> : index + 1}
            </span>
            <div>
              <p class={styles.title}>
                {title}
                <span class="hidden">, {WORDS[place]}</span>
              </p>
              <p class="small muted">{about}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
