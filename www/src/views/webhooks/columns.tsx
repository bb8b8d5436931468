// A delivery as a row of the log.

import type { WebhookDelivery } from "agentphone-wasm";
import { millis } from "../../ui/format.js";
import type { Column } from "../../ui/table.js";
import { Status, When } from "../../ui/values.js";
import { failureOf } from "./delivery-facts.js";
import styles from "./webhooks.module.css";

const None = () => <span class="muted">–</span>;

export const DELIVERY_COLUMNS: readonly Column<WebhookDelivery>[] = [
  {
    title: "Event",
    cell: ({ eventType, id }) => <code>{eventType ?? id}</code>,
    sort: ({ eventType }) => eventType,
    copy: ({ id }) => id,
  },
  {
    title: "Status",
    cell: (delivery) => <Status value={delivery.status} />,
    sort: ({ status }) => status,
  },
  {
    title: "Response",
    mid: true,
    cell: (delivery) => {
      const why = failureOf(delivery);
      if (why !== undefined) return <span class={styles.why}>{why}</span>;
      return delivery.httpStatus ?? <None />;
    },
    sort: ({ httpStatus }) => httpStatus,
  },
  {
    title: "Time",
    figures: true,
    wide: true,
    low: true,
    cell: ({ responseMs }) => (typeof responseMs === "number" ? millis(responseMs) : <None />),
    sort: ({ responseMs }) => responseMs,
  },
  {
    title: "Attempts",
    figures: true,
    wide: true,
    cell: ({ attemptCount }) => attemptCount,
    sort: ({ attemptCount }) => attemptCount,
  },
  {
    title: "Channel",
    wide: true,
    low: true,
    cell: ({ channel }) => channel ?? <None />,
    sort: ({ channel }) => channel,
  },
  { title: "Next attempt", wide: true, low: true, cell: ({ nextRetryAt }) => <When at={nextRetryAt} /> },
  { title: "When", cell: ({ createdAt }) => <When at={createdAt} />, sort: ({ createdAt }) => Date.parse(createdAt) },
];
