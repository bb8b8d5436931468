// The latest calls and texts of a number, with where they lead.

import type { CallSummary, NumberMessage } from "agentphone-wasm";
import { ArrowDownLeft, ArrowUpRight } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useApi } from "../../data/queries.js";
import { duration } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import { Phone, Status, When } from "../../ui/values.js";

const SHOWN = 8;

/** The latest calls. */
export function LatestCalls({ id }: { id: string }) {
  const found = useApi(
    ["calls", "of-number", id],
    (client, signal) => client.numbers.calls.list(id, { limit: SHOWN }, { signal }).then((page) => page.data),
    { every: 5000 },
  );
  return (
    <Part id="latest-calls" title="Latest calls" all="#/calls">
      <Loaded from={found} what="calls">
        {(calls) =>
          calls.length === 0 ? (
            <p class="muted">No calls yet.</p>
          ) : (
            <ul class="plain-list">
              {calls.map((call) => (
                <CallRow key={call.id} call={call} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}

function CallRow({ call }: { call: CallSummary }) {
  const inbound = call.direction === "inbound";
  return (
    <li class="traffic">
      <Way inbound={inbound} />
      <a href={`#/calls/${call.id}`}>
        <Phone value={inbound ? call.fromNumber : call.toNumber} />
      </a>
      <Status value={call.status} />
      <span class="muted figures">{call.durationSeconds ? duration(call.durationSeconds) : ""}</span>
      <span class="muted when">
        <When at={call.startedAt} />
      </span>
    </li>
  );
}

/** The latest texts. */
export function LatestTexts({ id }: { id: string }) {
  const found = useApi(
    ["messages", "of-number", id],
    (client, signal) => client.numbers.messages.list(id, { limit: SHOWN }, { signal }).then((page) => page.data),
    { every: 5000 },
  );
  return (
    <Part id="latest-texts" title="Latest texts" all="#/conversations">
      <Loaded from={found} what="texts">
        {(texts) =>
          texts.length === 0 ? (
            <p class="muted">No texts yet.</p>
          ) : (
            <ul class="plain-list">
              {texts.map((text) => (
                <TextRow key={text.id} text={text} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}

function TextRow({ text }: { text: NumberMessage }) {
  const inbound = text.direction === "inbound";
  const other = inbound ? (text.from_ ?? text.fromNumber ?? text.from) : (text.to ?? text.toNumber);
  const who = other?.startsWith("grp_") === true ? "Group" : <Phone value={other} />;
  return (
    <li class="traffic">
      <Way inbound={inbound} />
      {text.conversationId ? <a href={`#/conversations/${text.conversationId}`}>{who}</a> : who}
      <span class="words">{text.body === "" ? "Attachment" : text.body}</span>
      {!inbound && <Status value={text.status} />}
      <span class="muted when">
        <When at={text.receivedAt} />
      </span>
    </li>
  );
}

function Way({ inbound }: { inbound: boolean }) {
  const Icon = inbound ? ArrowDownLeft : ArrowUpRight;
  return (
    <span class="muted way">
      <Icon aria-hidden="true" size={16} />
      <span class="hidden">{inbound ? "In" : "Out"}</span>
    </span>
  );
}

function Part({ id, title, all, children }: { id: string; title: string; all: string; children: ComponentChildren }) {
  return (
    <section class="card" aria-labelledby={id}>
      <div class="row between">
        <h2 id={id}>{title}</h2>
        <a href={all} aria-label={`${title}: all`}>
          All
        </a>
      </div>
      {children}
    </section>
  );
}
