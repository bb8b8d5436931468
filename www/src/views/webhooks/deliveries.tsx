// The log of deliveries. What the API can filter (hours, whose) it does; the rest is done here.

import type { WebhookDelivery } from "agentphone-wasm";
import { filter, setFilter } from "../../app/location.js";
import { useList } from "../../data/live-list.js";
import { isLive } from "../../session/session.js";
import { Select } from "../../ui/field.js";
import { FilteredTable } from "../../ui/filtered-table.js";
import { Empty } from "../../ui/states.js";
import type { Column } from "../../ui/table.js";
import { Status, When } from "../../ui/values.js";
import { DeliveryDialog } from "./delivery-dialog.js";
import { useRouting } from "./routing.js";

const PAGE = 50;
const LOOK_EVERY = 3000;

/** How far back one looks; 0 for all there are. */
export const HOURS = [
  { value: "1", label: "The last hour" },
  { value: "", label: "The last 24 hours" },
  { value: "168", label: "The last 7 days" },
  { value: "720", label: "The last 30 days" },
  { value: "all", label: "All time" },
];

/** The hours that the address asks for; undefined for all. */
export function hoursAsked(): number | undefined {
  const asked = filter("hours");
  if (asked === "all") return undefined;
  const hours = Number(asked);
  return Number.isInteger(hours) && hours >= 1 ? hours : 24;
}

const COLUMNS: readonly Column<WebhookDelivery>[] = [
  { title: "Event", cell: ({ eventType, id }) => <code>{eventType ?? id}</code> },
  { title: "Status", cell: ({ status }) => <Status value={status} /> },
  { title: "HTTP", figures: true, wide: true, cell: ({ httpStatus }) => httpStatus ?? <span class="muted">–</span> },
  { title: "Attempts", figures: true, wide: true, cell: ({ attemptCount }) => attemptCount },
  { title: "Channel", wide: true, cell: ({ channel }) => channel ?? <span class="muted">–</span> },
  { title: "Next retry", wide: true, cell: ({ nextRetryAt }) => <When at={nextRetryAt} /> },
  { title: "When", cell: ({ createdAt }) => <When at={createdAt} /> },
];

/** Where a delivery is opened, under the filters as they are. */
function hrefOf(id: string): string {
  const kept = ["agent", "hours", "status"]
    .map((name) => [name, filter(name)] as const)
    .filter(([, value]) => value !== "");
  return `/webhooks?${new URLSearchParams([...kept.map(([name, value]) => [name, value]), ["delivery", id]])}`;
}

/** Filters, table, and the one that is opened. */
export function Deliveries() {
  const [agent, status, opened] = [filter("agent"), filter("status"), filter("delivery")];
  const hours = hoursAsked();
  const when = hours === undefined ? {} : { hours };
  const list = useList<WebhookDelivery>(
    ["webhooks", "deliveries", agent, hours ?? "all"],
    (client, signal) =>
      agent === ""
        ? client.webhooks.deliveries.list({ limit: PAGE, ...when }, { signal })
        : client.agents.webhook.deliveries.list(agent, { limit: PAGE * 2, ...when }, { signal }),
    LOOK_EVERY,
  );
  const routing = useRouting(!isLive());
  const own = routing.data?.own ?? [];
  const routes = [
    { value: "", label: "The project's" },
    ...own.map(({ agent: { id, name } }) => ({ value: id, label: name })),
  ];
  if (agent !== "" && !own.some((one) => one.agent.id === agent))
    routes.push({ value: agent, label: `Agent ${agent}` });
  return (
    <section class="stack deliveries">
      <h2>Deliveries</h2>
      <div class="filters">
        <Select
          label="When"
          value={filter("hours")}
          options={HOURS}
          onChange={(event) => setFilter({ hours: event.currentTarget.value })}
        />
        <Select
          label="Status"
          value={status}
          options={[
            { value: "", label: "Any" },
            { value: "failed", label: "Failed" },
            { value: "pending", label: "Pending retries" },
            { value: "success", label: "Delivered" },
          ]}
          onChange={(event) => setFilter({ status: event.currentTarget.value })}
        />
        <Select
          label="Webhook"
          value={agent}
          options={routes}
          onChange={(event) => setFilter({ agent: event.currentTarget.value })}
        />
      </div>
      <FilteredTable
        list={list}
        label="Deliveries"
        columns={COLUMNS}
        href={({ id }) => hrefOf(id)}
        keep={status === "" ? undefined : (delivery) => delivery.status === status}
        empty={
          <Empty title="No deliveries">
            <p>
              {hours === undefined
                ? "Nothing was posted yet. Events come with texts, reactions and calls; a test event shows at once whether your server takes them."
                : "Nothing was posted in that time."}
            </p>
            {hours !== undefined && (
              <button type="button" onClick={() => setFilter({ hours: "all" })}>
                Show all time
              </button>
            )}
          </Empty>
        }
        none={
          <Empty title="No delivery fits">
            <button type="button" onClick={() => setFilter({ status: "" })}>
              Show all
            </button>
          </Empty>
        }
      />
      {opened !== "" && list.ready.value && (
        <DeliveryDialog
          id={opened}
          delivery={list.items.value.find(({ id }) => id === opened)}
          close={() => setFilter({ delivery: "" })}
        />
      )}
    </section>
  );
}
