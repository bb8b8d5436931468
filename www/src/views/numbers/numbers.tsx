// The numbers that the account holds, and where more come from. What is open beside the list is in the
// address (`?tool=buy`, `?tool=lookup`), so that one can be sent there.

import type { PhoneNumber } from "agentphone-wasm";
import { Plus, Search as SearchIcon } from "lucide-preact";
import { filter, setFilter } from "../../app/location.js";
import { useList } from "../../data/live-list.js";
import { useAgents } from "../../data/names.js";
import { useApi } from "../../data/queries.js";
import { ListTable } from "../../ui/list-table.js";
import { Empty } from "../../ui/states.js";
import type { Column } from "../../ui/table.js";
import { Phone, Status, When } from "../../ui/values.js";
import { BuyNumber } from "./buy.js";
import { Features } from "./features.js";
import { LookUp } from "./lookup.js";

/** The view. */
export default function Numbers() {
  const list = useList(["numbers"], (client, signal) => client.numbers.list({ limit: 50 }, { signal }), 5000);
  const names = new Map(useAgents().map(({ id, name }) => [id, name]));
  const columns: Column<PhoneNumber>[] = [
    { title: "Number", cell: ({ phoneNumber }) => <Phone value={phoneNumber} /> },
    {
      title: "Agent",
      cell: ({ agentId }) => (agentId ? (names.get(agentId) ?? agentId) : <span class="muted">No agent</span>),
    },
    { title: "Can do", mid: true, cell: (number) => <Features of={number} /> },
    { title: "Status", mid: true, cell: ({ status }) => <Status value={status} /> },
    { title: "Tag", wide: true, cell: ({ externalId }) => externalId ?? <span class="muted">–</span> },
    { title: "Bought", wide: true, cell: ({ purchasedAt, createdAt }) => <When at={purchasedAt ?? createdAt} /> },
  ];
  const tool = filter("tool");
  return (
    <>
      <div class="head">
        <div>
          <h1>Numbers</h1>
          <Held />
        </div>
        <div class="row">
          <button type="button" onClick={() => openTool("lookup")}>
            <SearchIcon aria-hidden="true" size={16} />
            Look up
          </button>
          <button type="button" class="primary" onClick={() => openTool("buy")}>
            <Plus aria-hidden="true" size={16} />
            Buy a number
          </button>
        </div>
      </div>
      <ListTable
        label="numbers"
        list={list}
        columns={columns}
        href={({ id }) => `/numbers/${id}`}
        empty={
          <Empty title="No numbers yet.">
            <p>Agents call and are answered with a number. One costs $3.00 a month.</p>
            <button type="button" class="primary" onClick={() => openTool("buy")}>
              Buy the first one
            </button>
          </Empty>
        }
      />
      {tool === "buy" && <BuyNumber onClose={closeTool} />}
      {tool === "lookup" && <LookUp onClose={closeTool} />}
    </>
  );
}

const openTool = (tool: "buy" | "lookup"): void => setFilter({ tool });
const closeTool = (): void => setFilter({ tool: "", country: "", area: "", city: "", state: "", zip: "" });

/** How many there are of how many that there may be. */
function Held() {
  const { data } = useApi(["usage", "numbers"], (client, signal) => client.usage.get({ signal }), { every: 10_000 });
  if (data === undefined) return <p class="muted small">Every number costs $3.00 a month.</p>;
  const { used, limit, remaining } = data.numbers;
  return (
    <p class="muted small">
      {used} of {limit} numbers held
      {remaining <= 0 ? ": release one before you buy another" : `, ${remaining} more can be bought`}. Every number
      costs $3.00 a month.
    </p>
  );
}
