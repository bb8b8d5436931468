// One call: what is said as it is said, how it goes, and what can be done about it.

import type { Call } from "agentphone-wasm";
import { MessageSquare, PhoneOff, PhoneOutgoing, User, UserPlus } from "lucide-preact";
import { useRef } from "preact/hooks";
import { tell } from "../../app/notices.js";
import { openPlaceCall } from "../../app/place-call.js";
import { useTitle } from "../../app/title.js";
import { useContactOf } from "../../data/names.js";
import { changed, useApi } from "../../data/queries.js";
import { api, isLive } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { usePersonText } from "../../ui/person.js";
import { Loaded, unlessGone } from "../../ui/states.js";
import { Up } from "../../ui/up.js";
import { Phone, Status } from "../../ui/values.js";
import styles from "./call.module.css";
import { Conversation } from "./conversation.js";
import { answeredAt, type Seen, see } from "./course.js";
import { Details, HowItWent } from "./details.js";
import { lastList } from "./last-list.js";
import { Length } from "./length.js";
import { Neighbours } from "./neighbours.js";
import { OtherSide } from "./other-side.js";
import { Timings } from "./timings.js";
import { goesOn, millisOf, otherSide } from "./words.js";

/** Milliseconds after its end in which a recording may still appear. */
const LATE = 60_000;

/** How soon to look again: a call that goes on, then for its recording, then never. */
function pause(call: Call | undefined): number | false {
  if (call === undefined) return false;
  if (goesOn(call)) return 1000;
  const ended = millisOf(call.endedAt) ?? 0;
  return call.recordingAvailable !== true && Date.now() - ended < LATE ? 5000 : false;
}

/** The view. */
export default function CallView({ id }: { id: string }) {
  return <CallPage key={id} id={id} />;
}

function CallPage({ id }: { id: string }) {
  const found = unlessGone(
    useApi(["calls", id], (client, signal) => client.calls.get(id, { signal }), { every: pause }),
  );
  const call = found.data;
  const textOf = usePersonText();
  const contactOf = useContactOf();
  const other = call && otherSide(call);
  useTitle(call && title(call, textOf));
  const seen = useSeen(call);
  return (
    <>
      <Up to={lastList()}>All calls</Up>
      <div class={`head ${styles.title}`}>
        <div class="row">
          <h1>{call === undefined ? "Call" : title(call, textOf)}</h1>
          {other !== undefined && contactOf(other) !== undefined && (
            <span class="muted">
              <Phone value={other} />
            </span>
          )}
          {call !== undefined && (
            <>
              <span role="status">
                <Status value={call.status} />
              </span>
              <span class={styles.length}>
                <Length call={call} from={answeredAt(call, seen)} />
              </span>
            </>
          )}
        </div>
        <div class="row">
          {call !== undefined && <Actions call={call} />}
          <Neighbours id={id} />
        </div>
      </div>
      <Loaded from={found} what="the call" kind="call" list="/calls">
        {(shown) => <Parts call={shown} seen={seen} />}
      </Loaded>
    </>
  );
}

function title(call: Call, textOf: (phone: string) => string): string {
  const other = otherSide(call);
  if (other === undefined) return "Call from a browser";
  return `${call.direction === "inbound" ? "Call from" : "Call to"} ${textOf(other)}`;
}

/** What this page saw of the call's states, and when. */
function useSeen(call: Call | undefined): Seen {
  const seen = useRef<Seen>({});
  const before = useRef<string | undefined>(undefined);
  if (call !== undefined && call.status !== before.current) {
    seen.current = see(seen.current, before.current, call.status, Date.now());
    before.current = call.status;
  }
  return seen.current;
}

function Actions({ call }: { call: Call }) {
  const other = otherSide(call);
  if (goesOn(call)) {
    const end = async (): Promise<void> => {
      await api().calls.end(call.id);
      tell("The call is being ended.");
      await changed("calls");
    };
    return (
      <Action class="danger" run={end}>
        <PhoneOff aria-hidden="true" size={16} />
        End call
      </Action>
    );
  }
  if (other === undefined) return null;
  const { agentId } = call;
  return (
    <>
      <Contact phone={other} />
      <a class="button" href={`#/conversations?compose=1&to=${encodeURIComponent(other)}`}>
        <MessageSquare aria-hidden="true" size={16} />
        Text
      </a>
      <button type="button" onClick={() => openPlaceCall({ to: other, ...(agentId && { agentId }) })}>
        <PhoneOutgoing aria-hidden="true" size={16} />
        {call.direction === "inbound" ? "Call back" : "Call again"}
      </button>
    </>
  );
}

/** The contact, or a link that adds one. */
function Contact({ phone }: { phone: string }) {
  const contact = useContactOf()(phone);
  const to = contact === undefined ? `contacts?new=1&phone=${encodeURIComponent(phone)}` : `contacts/${contact.id}`;
  return (
    <a class="button" href={`#/${to}`}>
      {contact === undefined ? <UserPlus aria-hidden="true" size={16} /> : <User aria-hidden="true" size={16} />}
      {contact === undefined ? "Add to contacts" : "Contact"}
    </a>
  );
}

function Parts({ call, seen }: { call: Call; seen: Seen }) {
  const live = goesOn(call);
  const other = otherSide(call);
  const textOf = usePersonText();
  return (
    <div class="split">
      <div class={`stack ${styles.main}`}>
        <Conversation
          key={call.id}
          call={call}
          seen={seen}
          agent={call.agentName ?? "Agent"}
          other={other === undefined ? "Caller" : textOf(other)}
        />
        {live && !isLive() && call.direction !== "web" && (
          <OtherSide id={call.id} talking={call.status === "in-progress"} />
        )}
      </div>
      <div class="stack">
        <HowItWent call={call} />
        <Timings call={call} seen={seen} />
        <Details call={call} />
      </div>
    </div>
  );
}
