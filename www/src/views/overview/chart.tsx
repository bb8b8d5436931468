// Columns over time, drawn by uPlot, which is loaded with the first chart. It draws on a canvas, so that
// colours have to be looked up, and again when they change; the same figures are in the table beside it.

import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { theme } from "../../app/theme.js";
import { count } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Waiting } from "../../ui/states.js";
import { Legend } from "./bars.js";
import { options } from "./chart-options.js";
import styles from "./usage.module.css";
import type { Row } from "./usage-data.js";

type Plot = typeof uPlot;

const HEIGHT = 240;
let library: Plot | undefined;

async function load(): Promise<Plot> {
  const [{ default: loaded }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
  return (library = loaded);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the system is dark; those who draw are told when it changes. */
function useDark(): boolean {
  const [now, set] = useState(dark.matches);
  useEffect(() => {
    const look = (): void => set(dark.matches);
    dark.addEventListener("change", look);
    return () => dark.removeEventListener("change", look);
  }, []);
  return now;
}

/** The chart. */
export function Chart({ rows, about }: { rows: readonly Row[]; about: string }) {
  const [Loaded, setLoaded] = useState<Plot | undefined>(() => library);
  const [error, setError] = useState<unknown>(undefined);
  const begin = (): void => {
    setError(undefined);
    load().then((loaded) => setLoaded(() => loaded), setError);
  };
  useEffect(() => {
    if (library === undefined) begin();
  }, []);
  if (error !== undefined) return <Problem error={error} onRetry={begin} />;
  return (
    <div class={styles.frame}>
      {Loaded === undefined ? <Waiting what="the chart" /> : <Columns Plot={Loaded} rows={rows} about={about} />}
    </div>
  );
}

function Columns({ Plot, rows, about }: { Plot: Plot; rows: readonly Row[]; about: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  // The axis asks for names long after it was made.
  const shown = useRef(rows);
  shown.current = rows;
  const [at, point] = useState<number | undefined>(undefined);
  const [isDark, chosen] = [useDark(), theme.value];

  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    const name = (index: number): string => shown.current[index]?.label ?? "";
    const drawn = new Plot(options({ Plot, node, height: HEIGHT, name, point }), columns(shown.current), node);
    plot.current = drawn;
    const watch = new ResizeObserver(() => drawn.setSize({ width: node.clientWidth, height: HEIGHT }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      drawn.destroy();
    };
  }, [isDark, chosen]);
  useEffect(() => plot.current?.setData(columns(rows)), [JSON.stringify(columns(rows))]);

  const row = at === undefined ? undefined : rows[at];
  return (
    <>
      <Legend />
      <div class={styles.chart}>
        <div ref={place} class={styles.plot} role="img" aria-label={`Chart. ${about} The table has each figure.`} />
        {row !== undefined && at !== undefined && plot.current !== undefined && (
          <Tip row={row} left={middleOf(plot.current, at)} />
        )}
      </div>
    </>
  );
}

/** Pixels from the left edge to the middle of a column. */
const middleOf = (plot: uPlot, index: number): number => plot.over.offsetLeft + plot.valToPos(index, "x");

/** What a column says, above it. */
const Tip = ({ row, left }: { row: Row; left: number }) => (
  <div class={styles.tip} style={{ left: `clamp(0px, calc(${left}px - 6rem), calc(100% - 12rem))` }} aria-hidden="true">
    <strong>{row.name}</strong>
    <span>{count(row.calls, "call")}</span>
    <span>{count(row.texts, "text")}</span>
  </div>
);

const columns = (rows: readonly Row[]): uPlot.AlignedData => [
  rows.map((_, index) => index),
  rows.map(({ calls }) => calls),
  rows.map(({ texts }) => texts),
];
