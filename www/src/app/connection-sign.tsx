// One notice for a lost connection, instead of an error in each part of the view: since when, and when the next attempt is.

import { Unplug } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { lost, tryNow } from "../session/connection.js";
import { isLive } from "../session/session.js";
import { clock, count } from "../ui/format.js";

const SECOND = 1000;

/** The notice; nothing while there is a connection. */
export function ConnectionSign() {
  const state = lost.value;
  const isLost = state !== undefined;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-lost", isLost);
    if (!isLost) return;
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [isLost]);
  if (state === undefined) return null;
  const { since, next } = state;
  const seconds = next === undefined ? 0 : Math.max(1, Math.ceil((next - now) / SECOND));
  return (
    <div class="wait-sign lost-sign">
      <Unplug aria-hidden="true" size={16} />
      {/* Announced once, not every second. */}
      <span role="status">
        {isLive() ? "The console's server" : "The sandbox"} does not respond. What you see is as of{" "}
        {clock(new Date(since))}.
      </span>
      <span aria-hidden="true">{next === undefined ? "Trying…" : `Trying again in ${count(seconds, "second")}.`}</span>
      <button type="button" class="link" onClick={() => void tryNow()}>
        Try now
      </button>
    </div>
  );
}
