// The agents: who answers and calls.

import type { Agent } from "agentphone-wasm";
import { Plus } from "lucide-preact";
import { filter, setFilter } from "../../app/location.js";
import { useList } from "../../data/live-list.js";
import { useApi } from "../../data/queries.js";
import { Input, Select } from "../../ui/field.js";
import { FilterFields } from "../../ui/filter-fields.js";
import { FilteredTable } from "../../ui/filtered-table.js";
import { duration, money, number, words } from "../../ui/format.js";
import { Empty } from "../../ui/states.js";
import type { Column } from "../../ui/table.js";
import { Phone, Tag, When } from "../../ui/values.js";
import { centsOf, RATES } from "../calls/turn-times.js";
import styles from "./agents.module.css";
import { CreateAgent } from "./create-agent.js";
import { useVoices } from "./voice-picker.js";

const LOOK_EVERY = 5000;
const PAGE = 50;
const USAGE_EVERY = 15_000;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const openNew = (): void => setFilter({ new: "1" });

export default function Agents(_: { id: string }) {
  const list = useList(["agents"], (client, signal) => client.agents.list({ limit: PAGE }, { signal }), LOOK_EVERY);
  const { data: voices = [] } = useVoices();
  const [sought, mode] = [filter("q").toLowerCase(), filter("mode")];
  const fits = (agent: Agent): boolean =>
    (mode === "" || agent.voiceMode === mode) &&
    `${agent.name} ${agent.description ?? ""}`.toLowerCase().includes(sought);
  const voiceName = (id: string): string => voices.find((voice) => voice.voice_id === id)?.voice_name ?? id;

  const usage = useApi(
    ["agents", "usage"],
    (client, signal) =>
      client.usage
        .byAgent({ period: "month", tz: ZONE }, { signal })
        .then(({ data }) => new Map(data.map((row) => [row.agentId, row]))),
    { every: USAGE_EVERY },
  ).data;
  const callsOf = ({ id }: Agent): number | undefined => usage && (usage.get(id)?.calls ?? 0);
  const secondsOf = ({ id }: Agent): number | undefined => usage && (usage.get(id)?.totalSeconds ?? 0);
  const spendOf = (agent: Agent): number | undefined => {
    const [seconds, rate] = [secondsOf(agent), RATES[agent.voiceMode]];
    return seconds === undefined || rate === undefined ? undefined : centsOf(seconds, rate);
  };
  const columns: readonly Column<Agent>[] = [
    { title: "Name", cell: ({ name }) => <bdi class="cut">{name}</bdi>, sort: ({ name }) => name },
    {
      title: "Mode",
      mid: true,
      cell: ({ voiceMode }) => <Tag>{words(voiceMode)}</Tag>,
      sort: ({ voiceMode }) => voiceMode,
    },
    {
      title: "Voice",
      wide: true,
      low: true,
      cell: ({ voice }) => voiceName(voice),
      sort: ({ voice }) => voiceName(voice),
    },
    {
      title: "Numbers",
      cell: ({ numbers }) => <Numbers numbers={numbers ?? []} />,
      sort: ({ numbers }) => (numbers ?? []).length,
    },
    {
      title: "Calls, 30 days",
      mid: true,
      figures: true,
      cell: (agent) => figure(callsOf(agent), number),
      sort: callsOf,
    },
    {
      title: "Talk time",
      wide: true,
      figures: true,
      cell: (agent) => figure(secondsOf(agent), duration),
      sort: secondsOf,
    },
    {
      title: "Spend, about",
      wide: true,
      low: true,
      figures: true,
      cell: (agent) => figure(spendOf(agent), money),
      sort: spendOf,
    },
    {
      title: "Created",
      wide: true,
      low: true,
      cell: ({ createdAt }) => <When at={createdAt} />,
      sort: ({ createdAt }) => Date.parse(createdAt),
    },
  ];
  const newButton = (
    <button type="button" class="primary" onClick={openNew}>
      <Plus aria-hidden="true" size={16} />
      New agent
    </button>
  );
  return (
    <>
      <div class="head">
        <h1>Agents</h1>
        {newButton}
      </div>
      <FilterFields label="Filter the agents" class={styles.filters}>
        <Input
          label="Search"
          type="search"
          value={filter("q")}
          placeholder="Name or description"
          onInput={(event) => setFilter({ q: event.currentTarget.value })}
        />
        <Select
          label="Mode"
          value={mode}
          options={[
            { value: "", label: "Any mode" },
            { value: "hosted", label: "Hosted" },
            { value: "webhook", label: "Webhook" },
          ]}
          onChange={(event) => setFilter({ mode: event.currentTarget.value })}
        />
      </FilterFields>
      <FilteredTable
        list={list}
        label="Agents"
        columns={columns}
        href={({ id }) => `/agents/${id}`}
        keep={sought === "" && mode === "" ? undefined : fits}
        empty={
          <Empty title="No agents yet.">
            <p>An agent answers your numbers and calls people: with a built-in model, or with your own server.</p>
            {newButton}
          </Empty>
        }
        none={
          <Empty title="No agent fits these filters.">
            <button type="button" onClick={() => setFilter({ q: "", mode: "" })}>
              Show all
            </button>
          </Empty>
        }
      />
      {filter("new") !== "" && <CreateAgent close={() => setFilter({ new: "" })} />}
    </>
  );
}

/** A figure that may not be known yet. */
const figure = (value: number | undefined, show: (value: number) => string) =>
  value === undefined ? <span class="muted">–</span> : show(value);

function Numbers({ numbers }: { numbers: NonNullable<Agent["numbers"]> }) {
  const [first] = numbers;
  if (first === undefined) return <span class="muted">none</span>;
  return (
    <>
      <Phone value={first.phoneNumber} />
      {numbers.length > 1 && <span class="muted"> +{numbers.length - 1}</span>}
    </>
  );
}
