// Usage over time, by number and by agent: as a chart, or as a table with the same figures.

import { ChartColumn, Table2 } from "lucide-preact";
import { setFilter } from "../../app/location.js";
import { useApi } from "../../data/queries.js";
import { count } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import { type Column, Table } from "../../ui/table.js";
import { phoneText } from "../../ui/values.js";
import { Bars } from "./bars.js";
import { Chart } from "./chart.js";
import segments from "./segments.module.css";
import styles from "./usage.module.css";
import { asked, type Row, SLICINGS, type Slicing, sum } from "./usage-data.js";

/** The card. */
export function Usage() {
  const { slicing, span, table } = asked();
  const rows = useApi(["usage", slicing.id, span], (client, signal) => slicing.read(client, span, signal), {
    every: 30_000,
  });
  return (
    <section class={`card ${styles.usage}`} aria-labelledby="usage-heading">
      <div class="row between">
        <h2 id="usage-heading">Usage</h2>
        <div class="row">
          <By slicing={slicing} />
          <Span slicing={slicing} span={span} />
          <button type="button" onClick={() => setFilter({ as: table ? "" : "table" })}>
            {table ? <ChartColumn aria-hidden="true" size={16} /> : <Table2 aria-hidden="true" size={16} />}
            {table ? "Show as chart" : "Show as table"}
          </button>
        </div>
      </div>
      <Loaded from={rows} what="usage">
        {({ rows: counted, zone = "" }) =>
          table ? (
            <UsageTable slicing={slicing} rows={counted} zone={zone} />
          ) : (
            <UsageFigure slicing={slicing} rows={counted} zone={zone} />
          )
        }
      </Loaded>
    </section>
  );
}

function By({ slicing }: { slicing: Slicing }) {
  return (
    <div class={segments.segments} role="group" aria-label="Usage by">
      {SLICINGS.map(({ id, title }, index) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === slicing.id}
          onClick={() => setFilter({ by: index === 0 ? "" : id, span: "" })}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function Span({ slicing, span }: { slicing: Slicing; span: string }) {
  const [usual] = slicing.spans;
  if (usual === undefined) return <span class="muted small">since the beginning</span>;
  return (
    <select
      aria-label="How far back"
      value={span}
      onChange={(event) =>
        setFilter({ span: event.currentTarget.value === usual.value ? "" : event.currentTarget.value })
      }
    >
      {slicing.spans.map(({ value, label }) => (
        <option key={value} value={value} selected={value === span}>
          {label}
        </option>
      ))}
    </select>
  );
}

const inWords = (rows: readonly Row[]): string =>
  `${count(
    sum(rows, ({ calls }) => calls),
    "call",
  )} and ${count(
    sum(rows, ({ texts }) => texts),
    "text",
  )}`;

interface Shown {
  slicing: Slicing;
  rows: readonly Row[];
  zone: string;
}

function UsageFigure({ slicing, rows, zone }: Shown) {
  if (rows.every(({ calls, texts }) => calls === 0 && texts === 0)) {
    return <p class="muted">No calls and no texts in this time. Once there are some, they are drawn here.</p>;
  }
  const caption = `By ${slicing.row.toLowerCase()}: ${inWords(rows)}.`;
  return (
    <figure class={styles.figure}>
      {slicing.time ? <Chart rows={rows} about={caption} /> : <Bars rows={rows} />}
      <figcaption class="muted small">
        {caption} {zone}
      </figcaption>
    </figure>
  );
}

function UsageTable({ slicing, rows, zone }: Shown) {
  const columns: Column<Row>[] = [
    { title: slicing.row, cell: ({ name }) => (slicing.id === "number" ? phoneText(name) : name) },
    { title: "Calls", cell: ({ calls }) => calls, figures: true },
    { title: "Texts", cell: ({ texts }) => texts, figures: true },
    // Days of the user have none: deliveries are counted by the API alone.
    ...(slicing.more === undefined || rows.every(({ more }) => more === undefined)
      ? []
      : [{ title: slicing.more, cell: ({ more }: Row) => more, figures: slicing.id !== "number", wide: true }]),
  ];
  // The latest first: it is what one looks for.
  const shown = slicing.time ? [...rows].reverse() : rows;
  return (
    <>
      <Table
        label={`Usage by ${slicing.row.toLowerCase()}`}
        columns={columns}
        items={shown}
        id={({ id }) => id}
        {...(slicing.id === "number" ? { href: ({ href = "/numbers" }: Row) => href } : {})}
      />
      {zone !== "" && <p class="hint">{zone}</p>}
    </>
  );
}
