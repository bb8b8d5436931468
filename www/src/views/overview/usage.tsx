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
import { previousOf } from "./previous.js";
import segments from "./segments.module.css";
import styles from "./usage.module.css";
import { asked, type Counted, type Row, SLICINGS, type Slicing, sum } from "./usage-data.js";

/** The card. */
export function Usage() {
  const { slicing, span, table } = asked();
  const rows = useApi(["usage", slicing.id, span], (client, signal) => slicing.read(client, span, signal), {
    every: 30_000,
  });
  const previous = usePrevious(slicing, span, rows.data);
  const earlier = `Previous ${slicing.spans.find(({ value }) => value === span)?.label ?? ""}`;
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
            <UsageTable slicing={slicing} rows={counted} zone={zone} previous={previous} earlier={earlier} />
          ) : (
            <UsageFigure slicing={slicing} rows={counted} zone={zone} previous={previous} earlier={earlier} />
          )
        }
      </Loaded>
    </section>
  );
}

/** What each row is compared with. It is over, so that it is read once, until another day or month begins. */
function usePrevious(slicing: Slicing, span: string, counted: Counted | undefined) {
  const { both } = slicing;
  const latest = counted?.rows.at(-1)?.id;
  const own = counted?.own === true;
  const { data } = useApi(
    ["usage", slicing.id, span, "previous", own, latest],
    // A query answers something: null is nothing to compare with.
    async (client, signal) => (await both?.(client, span, own, signal)) ?? null,
    { enabled: both !== undefined && latest !== undefined },
  );
  return counted === undefined || !data ? undefined : previousOf(counted.rows.length, data);
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
  /** What each row is compared with, if anything. */
  previous: readonly (Row | undefined)[] | undefined;
  /** What that period is called. */
  earlier: string;
}

function UsageFigure({ slicing, rows, zone, previous, earlier }: Shown) {
  if (rows.every(({ calls, texts }) => calls === 0 && texts === 0)) {
    return <p class="muted">No calls and no texts in this time. Once there are some, they are drawn here.</p>;
  }
  const compared = previous?.filter((row) => row !== undefined);
  const caption = `By ${slicing.row.toLowerCase()}: ${inWords(rows)}.${compared ? ` ${earlier}: ${inWords(compared)}.` : ""}`;
  return (
    <figure class={styles.figure}>
      {slicing.time ? (
        <Chart rows={rows} previous={previous} earlier={earlier} about={caption} />
      ) : (
        <Bars rows={rows} />
      )}
      <figcaption class="muted small">
        {caption} {zone}
      </figcaption>
    </figure>
  );
}

function UsageTable({ slicing, rows, zone, previous, earlier }: Shown) {
  const before = new Map(rows.map(({ id }, index) => [id, previous?.[index]]));
  const columns: Column<Row>[] = [
    { title: slicing.row, cell: ({ name }) => (slicing.id === "number" ? phoneText(name) : name) },
    { title: "Calls", cell: ({ calls }) => calls, figures: true },
    { title: "Texts", cell: ({ texts }) => texts, figures: true },
    // Days of the user have none: deliveries are counted by the API alone.
    ...(slicing.more === undefined || rows.every(({ more }) => more === undefined)
      ? []
      : [{ title: slicing.more, cell: ({ more }: Row) => more, figures: slicing.id !== "number", wide: true }]),
    ...(previous === undefined
      ? []
      : [{ title: earlier, cell: ({ id }: Row) => <Before row={before.get(id)} />, figures: true, wide: true }]),
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

/** What a row of the table is compared with. */
const Before = ({ row }: { row: Row | undefined }) =>
  row === undefined ? null : (
    <span title={row.name}>
      <span class="muted">{row.label}:</span> {inWords([row])}
    </span>
  );
