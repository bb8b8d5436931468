// The list of threads, the latest first. The API filters by agent; words and kind are looked for in what has been
// read, which reads on until there is a screenful that fits.

import type { ConversationSummary } from "agentphone-wasm";
import { useEffect, useRef } from "preact/hooks";
import { filter, setFilter } from "../../app/location.js";
import { type LiveList, useList } from "../../data/live-list.js";
import { useAgents } from "../../data/names.js";
import { Select } from "../../ui/field.js";
import { count } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Search } from "../../ui/search.js";
import { Empty, Waiting } from "../../ui/states.js";
import { Phone, When } from "../../ui/values.js";
import { useVirtual } from "../../ui/virtual.js";
import styles from "./conversations.module.css";
import { isNew } from "./seen.js";
import { CHANNELS, type NameOf, threadTitle, useNames } from "./who.js";

/** Pixels of a row; the styles say the same. */
const ROW = 76;
const SCREENFUL = 12;

/** What the address says is looked for; it goes along from thread to thread. */
function query(): string {
  const params = new URLSearchParams();
  for (const name of ["q", "agent", "show"]) if (filter(name) !== "") params.set(name, filter(name));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** The left pane. */
export function ThreadList({ chosen, onCompose }: { chosen: string; onCompose: () => void }) {
  const agent = filter("agent");
  const list = useList(
    ["conversations", "list", agent],
    (client, signal) =>
      client.conversations.list({ limit: 50, ...(agent === "" ? {} : { agent_id: agent }) }, { signal }),
    2000,
  );
  const agents = useAgents();
  return (
    <section class={`${styles.pane} ${styles.threads}`} aria-label="Conversations">
      <div class="filters" role="search">
        <Search label="Find" name="q" placeholder="Name, number or words" />
        <Select
          label="Agent"
          value={agent}
          options={[{ value: "", label: "All agents" }, ...agents.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => setFilter({ agent: event.currentTarget.value })}
        />
        <Select
          label="Show"
          value={filter("show")}
          options={[
            { value: "", label: "All" },
            { value: "new", label: "New" },
            { value: "group", label: "Groups" },
          ]}
          onChange={(event) => setFilter({ show: event.currentTarget.value })}
        />
      </div>
      <Threads list={list} chosen={chosen} onCompose={onCompose} />
    </section>
  );
}

function fits(thread: ConversationSummary, nameOf: NameOf, chosen: string): boolean {
  const words = filter("q").toLowerCase();
  const show = filter("show");
  const agent = filter("agent");
  // Not every source of the API's documents knows this filter.
  if (agent !== "" && thread.agentId !== agent) return false;
  // The one that is read stays where it is while it is read.
  if (show === "new" && !isNew(thread) && thread.id !== chosen) return false;
  if (show === "group" && thread.isGroup !== true) return false;
  if (words === "") return true;
  const digits = words.replaceAll(/\D/g, "");
  const text = `${threadTitle(thread, nameOf)} ${thread.lastMessagePreview ?? ""}`.toLowerCase();
  return (
    text.includes(words) ||
    thread.participant.includes(words) ||
    (digits.length > 2 && thread.participant.includes(digits))
  );
}

function Threads({
  list,
  chosen,
  onCompose,
}: {
  list: LiveList<ConversationSummary>;
  chosen: string;
  onCompose: () => void;
}) {
  const nameOf = useNames();
  const all = list.items.value;
  const items = all.filter((thread) => fits(thread, nameOf, chosen));
  const wanting = list.ready.value && list.hasMore.value && items.length < SCREENFUL;
  useEffect(() => {
    if (wanting && list.error.peek() === undefined) void list.more();
  }, [list, wanting, all.length]);

  const problem = <Problem error={list.error.value} onRetry={() => void list.refresh()} />;
  if (!list.ready.value) return list.error.value === undefined ? <Waiting what="conversations" /> : problem;
  if (all.length === 0 && filter("agent") === "") {
    return (
      <>
        {problem}
        <Empty title="No conversations yet.">
          <p>Send somebody a text, or have one of your numbers texted.</p>
          <button type="button" onClick={onCompose}>
            Send a text
          </button>
        </Empty>
      </>
    );
  }
  return (
    <>
      {problem}
      <p class="hidden" role="status">
        {count(items.length, "conversation")}
      </p>
      {items.length === 0 ? (
        <Empty title="No conversation fits.">
          <button type="button" onClick={() => setFilter({ q: "", agent: "", show: "" })}>
            Show all
          </button>
        </Empty>
      ) : (
        <Rows
          items={items}
          total={list.total.value}
          chosen={chosen}
          nameOf={nameOf}
          onEnd={() => list.hasMore.value && void list.more()}
        />
      )}
    </>
  );
}

interface RowsProps {
  items: readonly ConversationSummary[];
  total: number | undefined;
  chosen: string;
  nameOf: NameOf;
  onEnd: () => void;
}

function Rows({ items, total, chosen, nameOf, onEnd }: RowsProps) {
  const scroller = useRef<HTMLUListElement>(null);
  const virtual = useVirtual({ count: items.length, scroller, height: ROW });
  const rows = virtual.getVirtualItems();
  const near = (rows.at(-1)?.index ?? 0) >= items.length - SCREENFUL;
  useEffect(() => {
    if (near) onEnd();
  }, [near, items.length]);
  const agents = new Map(useAgents().map(({ id, name }) => [id, name]));
  const end = rows.at(-1)?.end ?? 0;
  return (
    <ul class={styles.rows} ref={scroller}>
      <li aria-hidden="true" style={{ height: `${rows[0]?.start ?? 0}px` }} />
      {rows.map(({ index }) => {
        const thread = items[index];
        if (thread === undefined) return null;
        const fresh = thread.id !== chosen && isNew(thread);
        const agent = thread.agentId ? (agents.get(thread.agentId) ?? "") : "";
        return (
          <li key={thread.id} aria-setsize={total ?? items.length} aria-posinset={index + 1}>
            <a
              href={`#/conversations/${thread.id}${query()}`}
              aria-current={thread.id === chosen ? "page" : undefined}
              class={fresh ? styles.fresh : ""}
            >
              <span class={styles.name}>
                <bdi>{threadTitle(thread, nameOf)}</bdi>
                {fresh && <span class="hidden"> (new)</span>}
              </span>
              <When at={thread.lastMessageAt} />
              <span class={styles.preview}>{thread.lastMessagePreview || "Attachment"}</span>
              <span class={styles.line}>
                {agent !== "" && (
                  <>
                    <bdi>{agent}</bdi> ·{" "}
                  </>
                )}
                <Phone value={thread.phoneNumber} />
                {thread.channel && CHANNELS[thread.channel] && ` · ${CHANNELS[thread.channel]}`}
              </span>
            </a>
          </li>
        );
      })}
      <li aria-hidden="true" style={{ height: `${Math.max(0, virtual.getTotalSize() - end)}px` }} />
    </ul>
  );
}
