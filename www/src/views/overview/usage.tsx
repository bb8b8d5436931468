// Usage over time, by number and by agent: as a chart, or as a table with the same figures.

import { ChartColumn, Table2 } from "lucide-preact";
import { lazy } from "../../app/lazy.js";
import { setFilter } from "../../app/location.js";
import { useApi } from "../../data/queries.js";
import { Loaded } from "../../ui/states.js";
import { Bars } from "./bars.js";
import { Chart } from "./chart.js";
import { previousOf } from "./previous.js";
import segments from "./segments.module.css";
import styles from "./usage.module.css";
import { asked, type Counted, inWords, type Shown, SLICINGS, type Slicing } from "./usage-data.js";

const UsageTable = lazy(() => import("./usage-table.js"), "the table");

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
