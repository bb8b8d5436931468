// Goes to the next or previous call of the list, by buttons and by J and K.

import { ChevronDown, ChevronUp } from "lucide-preact";
import { go } from "../../app/location.js";
import { useApi } from "../../data/queries.js";
import { useKeys } from "../../ui/keys.js";
import styles from "./call.module.css";
import { orderWith } from "./last-list.js";

/** Two buttons; each is disabled if there is no such call. */
export function Neighbours({ id }: { id: string }) {
  const shown = orderWith(id);
  // A user who opens a link has seen no list: the latest calls are used instead.
  const latest = useApi(
    ["calls", "order"],
    (client, signal) => client.calls.list({ limit: 100 }, { signal }).then(({ data }) => data.map((call) => call.id)),
    { enabled: shown === undefined },
  ).data;
  const order = shown ?? latest ?? [];
  const at = order.indexOf(id);
  const before = at > 0 ? order[at - 1] : undefined;
  const after = at >= 0 ? order[at + 1] : undefined;
  const to = (other: string | undefined) => (): void => {
    // Stepping through a long list must not fill the history.
    if (other !== undefined) go(`/calls/${encodeURIComponent(other)}`, { replace: true });
  };
  useKeys({ j: to(after), k: to(before) });
  return (
    <span class={`row ${styles.neighbours}`}>
      <button type="button" class="icon" aria-label="Previous call" title="K" disabled={!before} onClick={to(before)}>
        <ChevronUp aria-hidden="true" size={18} />
      </button>
      <button type="button" class="icon" aria-label="Next call" title="J" disabled={!after} onClick={to(after)}>
        <ChevronDown aria-hidden="true" size={18} />
      </button>
    </span>
  );
}
