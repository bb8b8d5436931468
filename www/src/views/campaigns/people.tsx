// The people of a campaign: those in doubt first, or those of one state.

import { useEffect, useState } from "preact/hooks";
import { filter, setFilter } from "../../app/location.js";
import { usePeople } from "../../data/campaigns.js";
import { duration, number } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Empty, Waiting } from "../../ui/states.js";
import { type Column, Table } from "../../ui/table.js";
import { Phone, Tag, When } from "../../ui/values.js";
import styles from "./campaigns.module.css";
import type { CampaignStatus, Person } from "./types.js";
import { GROUPS, nameOf, reasonOf, stateOf, statesOf, sumOf, versionOf } from "./words.js";

/** People that are read at once, and at most: everybody is in the report. */
const PART = 200;
const MOST = 5_000;

const PLACES: Column<Person> = {
  title: "Result",
  wide: true,
  cell: ({ resultId, state, recipient }) =>
    resultId !== null ? (
      <a href={`#/calls/${resultId}`}>Open the call</a>
    ) : state === "doubt" ? (
      <a href={`#/calls?search=${encodeURIComponent(recipient)}`}>Look for calls</a>
    ) : (
      <span class="muted">–</span>
    ),
};

const columnsOf = (kind: "call" | "text"): readonly Column<Person>[] => [
  {
    title: "Person",
    cell: ({ recipient, variables, history }) => {
      const name = nameOf(variables);
      return (
        <span class={styles.person}>
          {name !== "" && <bdi class="cut">{name}</bdi>}
          <span class={name === "" ? "" : "muted small"}>
            <Phone value={recipient} />
          </span>
          {history.length > 0 && <Tag>{`Round ${history.length + 1}`}</Tag>}
        </span>
      );
    },
    copy: ({ recipient }) => recipient,
  },
  {
    title: "State",
    cell: ({ state }) => {
      const [word, tone] = stateOf(state);
      return <Tag tone={tone}>{word}</Tag>;
    },
  },
  { title: "Reason", wide: true, cell: (person) => <Why person={person} /> },
  ...(kind === "call"
    ? [
        {
          title: "Length",
          low: true,
          figures: true,
          cell: ({ seconds }: Person) => (seconds === null ? <span class="muted">–</span> : duration(seconds)),
        },
      ]
    : []),
  { title: "Sent", low: true, figures: true, cell: ({ placed }) => <When at={placed} /> },
  ...(kind === "call" ? [PLACES] : []),
];

/** The reason, and while somebody waits for an hour that is not quiet, until when. */
function Why({ person: { reason, due, state } }: { person: Person }) {
  const words = reasonOf(reason);
  if (state === "waiting" && due !== null && Date.parse(due) > Date.now())
    return (
      <span title={reason ?? undefined}>
        {words === "" ? "" : `${words}, `}until <When at={due} />
      </span>
    );
  return words === "" ? <span class="muted">–</span> : <span title={reason ?? undefined}>{words}</span>;
}

/** The table, with its filter. */
export function People({ campaign }: { campaign: CampaignStatus }) {
  const { id, kind, counts, people: all } = campaign;
  const chosen = filter("state");
  const [wanted, want] = useState(PART);
  useEffect(() => want(PART), [id, chosen]);
  const reading = usePeople(id, statesOf(chosen), wanted, versionOf(campaign));
  const group = GROUPS.find(({ value }) => value === chosen);
  const total = group === undefined ? all : sumOf(group, counts);
  const shown = reading.data?.people ?? [];
  return (
    <section class="stack" aria-labelledby="people">
      <div class="row between">
        <h2 id="people">{group === undefined ? "People" : `People: ${group.label.toLowerCase()}`}</h2>
        {group !== undefined && (
          <button type="button" class="link" onClick={() => setFilter({ state: "" })}>
            Show all
          </button>
        )}
      </div>
      <Problem error={reading.error} onRetry={() => void reading.refetch()} />
      {reading.data === undefined ? (
        reading.error === null && <Waiting what="the people" />
      ) : shown.length === 0 ? (
        <Empty title="No people in this state now." />
      ) : (
        <Table
          label="List of people"
          columns={columnsOf(kind)}
          items={shown}
          id={({ seq }) => String(seq)}
          total={total}
          onEnd={() => reading.data?.hasMore && want(Math.min(MOST, Math.max(wanted, shown.length) + PART))}
        />
      )}
      {reading.data?.hasMore && wanted >= MOST && (
        <p class="muted small">The first {number(MOST)} are shown. All of them are in the report.</p>
      )}
    </section>
  );
}
