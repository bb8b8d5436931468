// Columns over time with the previous period as dotted lines, drawn by uPlot, which is loaded with the first chart. It draws on a canvas, so that
// colours have to be looked up, and again when they change; the same figures are in the table beside it.

import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { theme } from "../../app/theme.js";
import { count } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Waiting } from "../../ui/states.js";
import { Legend } from "./bars.js";
import { options } from "./chart-options.js";
import { seriesOf, spanText } from "./previous.js";
import styles from "./usage.module.css";
import type { Row } from "./usage-data.js";

type Plot = typeof uPlot;
type Previous = readonly (Row | undefined)[];

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

interface ChartProps {
  rows: readonly Row[];
  /** What each row is compared with; absent where nothing happened in the previous period. */
  previous: Previous | undefined;
  /** What the previous period is called. */
  earlier: string;
  /** The chart in a sentence. */
  about: string;
}

/** The chart. */
export function Chart({ about, ...shown }: ChartProps) {
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
      {Loaded === undefined ? <Waiting what="the chart" /> : <Columns Plot={Loaded} about={about} {...shown} />}
    </div>
  );
}

function Columns({ Plot, rows, previous, earlier, about }: ChartProps & { Plot: Plot }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  // The axis asks for names long after it was made.
  const shown = useRef({ rows, previous });
  shown.current = { rows, previous };
  const compares = previous !== undefined;
  const [at, point] = useState<number | undefined>(undefined);
  const [isDark, chosen] = [useDark(), theme.value];

  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    const name = (index: number): string => shown.current.rows[index]?.label ?? "";
    const how = options({ Plot, node, height: HEIGHT, name, previous: compares, point });
    const drawn = new Plot(how, seriesOf(shown.current.rows, shown.current.previous), node);
    plot.current = drawn;
    const watch = new ResizeObserver(() => drawn.setSize({ width: node.clientWidth, height: HEIGHT }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      drawn.destroy();
    };
  }, [isDark, chosen, compares]);
  const series = seriesOf(rows, previous);
  useEffect(() => plot.current?.setData(series), [JSON.stringify(series)]);

  const row = at === undefined ? undefined : rows[at];
  return (
    <>
      <Legend>
        {previous !== undefined && (
          <li class={styles.before}>
            <i />
            <i /> {earlier}, {spanText(previous)}
          </li>
        )}
      </Legend>
      <div class={styles.chart}>
        <div ref={place} class={styles.plot} role="img" aria-label={`Chart. ${about} The table has each figure.`} />
        {row !== undefined && at !== undefined && plot.current !== undefined && (
          <Tip row={row} before={previous?.[at]} left={middleOf(plot.current, at)} end={at >= rows.length / 2} />
        )}
      </div>
    </>
  );
}

/** Pixels from the left edge to the middle of a column. */
const middleOf = (plot: uPlot, index: number): number => plot.over.offsetLeft + plot.valToPos(index, "x");

interface TipProps {
  row: Row;
  /** What it is compared with. */
  before: Row | undefined;
  left: number;
  /** The column is in the second half, so that there is more room to its left. */
  end: boolean;
}

/** What a column says, beside it. */
const Tip = ({ row, before, left, end }: TipProps) => (
  <div
    class={styles.tip}
    style={{ left: `clamp(0px, calc(${left}px ${end ? "- 15.75rem" : "+ 0.75rem"}), max(0px, calc(100% - 15rem)))` }}
    aria-hidden="true"
  >
    <strong>{row.name}</strong>
    <Counted row={row} />
    {before !== undefined && (
      <div class={styles.earlier}>
        <strong>{before.name}</strong>
        <Counted row={before} />
      </div>
    )}
  </div>
);

const Counted = ({ row: { calls, texts } }: { row: Row }) => (
  <div class={styles.counted}>
    <span>{count(calls, "call")}</span>
    <span>{count(texts, "text")}</span>
  </div>
);
