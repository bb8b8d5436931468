// Usage as a table, with the figures of the chart; loaded when somebody asks for it.

import { type Column, Table } from "../../ui/table.js";
import { phoneText } from "../../ui/values.js";
import { inWords, type Row, type Shown } from "./usage-data.js";

/** The table. */
export default function UsageTable({ slicing, rows, zone, previous, earlier }: Shown) {
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
