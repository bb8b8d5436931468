// The agents: who answers and calls.

import type { Agent } from "agentphone-wasm";
import { Plus } from "lucide-preact";
import { filter, setFilter } from "../../app/location.js";
import { useList } from "../../data/live-list.js";
import { Input, Select } from "../../ui/field.js";
import { FilteredTable } from "../../ui/filtered-table.js";
import { words } from "../../ui/format.js";
import { Empty } from "../../ui/states.js";
import type { Column } from "../../ui/table.js";
import { Phone, Tag, When } from "../../ui/values.js";
import { CreateAgent } from "./create-agent.js";
import { useVoices } from "./voice-picker.js";

const LOOK_EVERY = 5000;
const PAGE = 50;

const openNew = (): void => setFilter({ new: "1" });

export default function Agents(_: { id: string }) {
  const list = useList(["agents"], (client, signal) => client.agents.list({ limit: PAGE }, { signal }), LOOK_EVERY);
  const { data: voices = [] } = useVoices();
  const [sought, mode] = [filter("q").toLowerCase(), filter("mode")];
  const fits = (agent: Agent): boolean =>
    (mode === "" || agent.voiceMode === mode) &&
    `${agent.name} ${agent.description ?? ""}`.toLowerCase().includes(sought);
  const voiceName = (id: string): string => voices.find((voice) => voice.voice_id === id)?.voice_name ?? id;

  const columns: readonly Column<Agent>[] = [
    { title: "Name", cell: ({ name }) => name },
    {
      title: "Mode",
      cell: ({ voiceMode }) => <Tag tone={voiceMode === "hosted" ? "good" : "live"}>{words(voiceMode)}</Tag>,
    },
    { title: "Voice", wide: true, cell: ({ voice }) => voiceName(voice) },
    { title: "Numbers", cell: ({ numbers }) => <Numbers numbers={numbers ?? []} /> },
    { title: "Created", wide: true, cell: ({ createdAt }) => <When at={createdAt} /> },
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
      <div class="filters">
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
      </div>
      <FilteredTable
        list={list}
        label="Agents"
        columns={columns}
        href={({ id }) => `/agents/${id}`}
        keep={sought === "" && mode === "" ? undefined : fits}
        empty={
          <Empty title="No agent yet">
            <p>An agent answers your numbers and calls people: with a built-in model, or with your own server.</p>
            {newButton}
          </Empty>
        }
        none={
          <Empty title="No agent fits">
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
