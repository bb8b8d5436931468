// The log of deliveries. What the API can filter (hours, whose) it does; the rest is done here.

import type { WebhookDelivery } from "agentphone-wasm";
import { useEffect } from "preact/hooks";
import { filter, pathWith, setFilter } from "../../app/location.js";
import { useList } from "../../data/live-list.js";
import { isLive } from "../../session/session.js";
import { Select } from "../../ui/field.js";
import { FilterChips } from "../../ui/filter-chips.js";
import { FilterFields } from "../../ui/filter-fields.js";
import { FilteredTable } from "../../ui/filtered-table.js";
import { Empty } from "../../ui/states.js";
import { DELIVERY_COLUMNS } from "./columns.js";
import { DeliveryDialog } from "./delivery-dialog.js";
import { EVENTS, fits, TROUBLE } from "./delivery-facts.js";
import { useRouting } from "./routing.js";
import styles from "./webhooks.module.css";

const PAGE = 50;
const LOOK_EVERY = 3000;
/** How many are read for one that is opened by its address. */
const FURTHEST = 1000;

/** How far back one looks; `all` for all there are. */
export const HOURS = [
  { value: "1", label: "The last hour" },
  { value: "", label: "The last 24 hours" },
  { value: "168", label: "The last 7 days" },
  { value: "720", label: "The last 30 days" },
  { value: "all", label: "All time" },
];

const STATUSES = [
  { value: "", label: "Any status" },
  { value: TROUBLE, label: "Not delivered" },
  { value: "failed", label: "Failed" },
  { value: "pending", label: "Pending retries" },
  { value: "success", label: "Delivered" },
];

const FILTERS = ["hours", "status", "event", "agent"];

/** The hours that the address asks for; undefined for all. */
export function hoursAsked(): number | undefined {
  const asked = filter("hours");
  if (asked === "all") return undefined;
  const hours = Number(asked);
  return Number.isInteger(hours) && hours >= 1 ? hours : 24;
}

const labelIn = (options: readonly { value: string; label: string }[], value: string): string =>
  options.find((one) => one.value === value)?.label ?? value;

/** Filters, table, and the one that is opened. */
export function Deliveries() {
  const [agent, status, event, opened] = [filter("agent"), filter("status"), filter("event"), filter("delivery")];
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
  const events = eventOptions(list.items.value, event);
  const found = list.items.value.find(({ id }) => id === opened);
  // The API gives no single delivery: one that is further back is read up to.
  const reading = opened !== "" && found === undefined && list.hasMore.value && list.items.value.length < FURTHEST;
  useEffect(() => {
    if (reading && list.ready.value && list.error.peek() === undefined) void list.more();
  });
  return (
    <section class={`stack ${styles.deliveries}`}>
      <FilterFields label="Filter the deliveries" heading="Deliveries">
        <Choice name="hours" label="When" options={HOURS} />
        <Choice name="event" label="Event" options={events} />
        <Choice name="status" label="Status" options={STATUSES} />
        <Choice name="agent" label="Webhook" options={routes} />
      </FilterFields>
      <FilterChips
        view="deliveries"
        names={FILTERS}
        clearAll={() => setFilter({ hours: "", status: "", event: "", agent: "" })}
        chips={[
          { name: "When", of: "hours", options: HOURS },
          { name: "Event", of: "event", options: events },
          { name: "Status", of: "status", options: STATUSES },
          { name: "Webhook", of: "agent", options: routes },
        ].flatMap(({ name, of, options }) =>
          filter(of) === "" ? [] : [{ name, value: labelIn(options, filter(of)), clear: { [of]: "" } }],
        )}
      />
      <FilteredTable
        list={list}
        label="Deliveries"
        columns={DELIVERY_COLUMNS}
        href={({ id }) => pathWith({ delivery: id })}
        keep={status === "" && event === "" ? undefined : (delivery) => fits(delivery, { status, event })}
        empty={
          <Empty title="No deliveries.">
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
          <Empty title="No delivery fits these filters.">
            <button type="button" onClick={() => setFilter({ status: "", event: "" })}>
              Show all
            </button>
          </Empty>
        }
      />
      {opened !== "" && list.ready.value && (
        <DeliveryDialog id={opened} delivery={found} reading={reading} close={() => setFilter({ delivery: "" })} />
      )}
    </section>
  );
}

/** The documented events, those that occur, and the one in the address. */
function eventOptions(items: readonly WebhookDelivery[], asked: string) {
  const names = new Set([...EVENTS, ...items.flatMap(({ eventType }) => eventType ?? [])]);
  if (asked !== "") names.add(asked);
  return [{ value: "", label: "Any event" }, ...[...names].map((value) => ({ value, label: value }))];
}

function Choice(props: { name: string; label: string; options: readonly { value: string; label: string }[] }) {
  const { name, label, options } = props;
  return (
    <Select
      label={label}
      value={filter(name)}
      options={options}
      onChange={(event) => setFilter({ [name]: event.currentTarget.value })}
    />
  );
}
