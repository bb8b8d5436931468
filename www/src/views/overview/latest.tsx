// The latest calls and texts, each leading to where it can be seen whole.

import type { CallSummary } from "agentphone-wasm";
import { MessageSquare, PhoneIncoming, PhoneOutgoing } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { openPlaceCall } from "../../app/place-call.js";
import { Person } from "../../ui/person.js";
import { Loaded } from "../../ui/states.js";
import { Status, When } from "../../ui/values.js";
import { useLatestCalls, useLatestConversations } from "./data.js";
import styles from "./latest.module.css";

const SHOWN = 6;

/** Who is not us. */
export const otherSide = ({ direction, fromNumber, toNumber }: CallSummary): string =>
  direction === "inbound" ? fromNumber : toNumber;

/** Calls. */
export function LatestCalls() {
  return (
    <Latest title="Latest calls" href="/calls">
      <Loaded from={useLatestCalls()} what="the latest calls">
        {({ data }) =>
          data.length === 0 ? (
            <Nothing text="No call yet.">
              <button type="button" onClick={() => openPlaceCall()}>
                Place the first
              </button>
            </Nothing>
          ) : (
            <ul class={`plain-list ${styles.newest}`}>
              {data.slice(0, SHOWN).map((call) => (
                <li key={call.id}>
                  <a href={`#/calls/${encodeURIComponent(call.id)}`}>
                    {call.direction === "inbound" ? (
                      <PhoneIncoming aria-label="Incoming" size={16} />
                    ) : (
                      <PhoneOutgoing aria-label="Outgoing" size={16} />
                    )}
                    <span class={styles.what}>
                      <Person phone={otherSide(call)} alone />
                      <span class="muted small">{call.agentName ?? "no agent"}</span>
                    </span>
                    <span class={styles.side}>
                      <Status value={call.status} />
                      <When at={call.startedAt} />
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Latest>
  );
}

/** Texts, a row a conversation. */
export function LatestTexts() {
  return (
    <Latest title="Latest texts" href="/conversations">
      <Loaded from={useLatestConversations()} what="the latest texts">
        {(data) =>
          data.length === 0 ? (
            <Nothing text="No text yet.">
              <a class="button" href="#/conversations">
                Write the first
              </a>
            </Nothing>
          ) : (
            <ul class={`plain-list ${styles.newest}`}>
              {data.map(({ id, participant, groupName, lastMessagePreview, lastMessageAt }) => (
                <li key={id}>
                  <a href={`#/conversations/${encodeURIComponent(id)}`}>
                    <MessageSquare aria-hidden="true" size={16} />
                    <span class={styles.what}>
                      {groupName ?? <Person phone={participant} alone />}
                      <span class="muted small">{lastMessagePreview ?? ""}</span>
                    </span>
                    <When at={lastMessageAt} />
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Latest>
  );
}

function Latest({ title, href, children }: { title: string; href: string; children: ComponentChildren }) {
  return (
    <section class={`card ${styles.latest}`} aria-label={title}>
      <div class="row between">
        <h2>{title}</h2>
        <a href={`#${href}`} aria-label={`${title}: all`}>
          All
        </a>
      </div>
      {children}
    </section>
  );
}

function Nothing({ text, children }: { text: string; children: ComponentChildren }) {
  return (
    <p class="row muted">
      {text} {children}
    </p>
  );
}
