// Four runs that show what the client is for, each one click away.

import { pathWith } from "../../app/location.js";
import type { Choice } from "./choice.js";
import styles from "./lab.module.css";

interface Story {
  title: string;
  about: string;
  fault: string;
  operation: string;
  hits?: "first";
}

const STORIES: readonly Story[] = [
  {
    title: "The lost response",
    about: "The call is placed, and the connection breaks before the response. A retry would ring twice.",
    fault: "cut-before-headers",
    operation: "calls.create",
  },
  {
    title: "The gateway timeout",
    about: "504 from the edge, after the text was sent. Most retry loops send it again.",
    fault: "504-effect",
    operation: "messages.send",
  },
  {
    title: "The busy server",
    about: "503 with Retry-After: nothing happened yet, so waiting and trying again is right.",
    fault: "503-retry-after",
    operation: "calls.create",
    hits: "first",
  },
  {
    title: "The crowd",
    about: "Thirty calls at once, ten a second allowed. All of them go through, each once.",
    fault: "burst",
    operation: "calls.create",
  },
];

/** The presets. */
export function Stories({ choice }: { choice: Choice }) {
  return (
    <ul class={styles.stories} aria-label="Examples">
      {STORIES.map(({ title, about, fault, operation, hits = "" }) => {
        const current = choice.fault.id === fault && choice.operation.id === operation;
        return (
          <li key={title}>
            <a
              href={`#${pathWith({ fault, operation, hits, retries: "", timeout: "", abort: "" })}`}
              aria-current={current ? "true" : undefined}
            >
              <strong>{title}</strong>
              <span class="small">{about}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
