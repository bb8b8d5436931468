// Who talks with whom, with the way it goes as an icon.

import type { CallSummary } from "agentphone-wasm";
import { Globe, PhoneIncoming, PhoneOutgoing } from "lucide-preact";
import { Person } from "../../ui/person.js";
import { Phone, When } from "../../ui/values.js";
import styles from "./who.module.css";
import { goesOn, otherSide } from "./words.js";

/** The icon of a direction, and its name for those who listen. */
export function Direction({ of: { direction } }: { of: CallSummary }) {
  const Icon = direction === "web" ? Globe : direction === "inbound" ? PhoneIncoming : PhoneOutgoing;
  return (
    <span class={styles.direction}>
      <Icon aria-hidden="true" size={16} />
      <span class="hidden">{direction === "web" ? "From the browser" : direction === "inbound" ? "From" : "To"} </span>
    </span>
  );
}

/** One line: the other side, and our own number where there is room. */
export function Who({ call }: { call: CallSummary }) {
  const other = otherSide(call);
  const own = call.phoneNumber ?? (call.direction === "inbound" ? call.toNumber : call.fromNumber);
  return (
    <span class={goesOn(call) ? `${styles.who} ${styles.live}` : styles.who}>
      <Direction of={call} />
      {other === undefined ? <span>A browser</span> : <Person phone={other} alone />}
      {other !== undefined && (
        <span class={`muted small ${styles.own}`}>
          {call.direction === "inbound" ? "to " : "from "}
          <Phone value={own} />
        </span>
      )}
      <span class={`muted small ${styles.since}`}>
        <When at={call.startedAt} />
      </span>
    </span>
  );
}
