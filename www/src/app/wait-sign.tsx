// Says, above every view, that a request waits before it is sent again, and how long: without it a view that is
// asked to slow down looks broken.

import { Hourglass } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { type Wait, waits } from "../session/activity.js";
import { lost } from "../session/connection.js";
import { count } from "../ui/format.js";

const SECOND = 1000;

/** The sign of the longest wait; nothing where nothing waits. */
export function WaitSign() {
  const all = waits.value;
  const longest = all.reduce<Wait | undefined>(
    (most, wait) => (most && most.until >= wait.until ? most : wait),
    undefined,
  );
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (longest === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [longest?.id]);
  // While the connection notice is shown, single attempts need no notice.
  if (longest === undefined || lost.value !== undefined) return null;
  const seconds = Math.max(1, Math.ceil((longest.until - now) / SECOND));
  return (
    <div class="wait-sign">
      <Hourglass aria-hidden="true" size={16} />
      {/* Announced once, and not with each second. */}
      <span role="status">{reason(longest)}</span>
      <span aria-hidden="true">Trying again in {count(seconds, "second")}.</span>
    </div>
  );
}

function reason({ code, operation, limited }: Wait): string {
  const what = limited ? "AgentPhone asks the console to wait" : "The last attempt failed";
  return `${what} (${operation}, ${code}).`;
}
