// How the chart looks: two columns side by side for each day or month, on whole numbers, over the dotted lines of the
// previous period.

import type uPlot from "uplot";

interface Drawing {
  Plot: typeof uPlot;
  /** Where it is drawn, and whose colours it takes. */
  node: HTMLElement;
  height: number;
  /** The name of a column. */
  name: (index: number) => string;
  /** Whether the previous period is drawn too, as the first two series. */
  previous: boolean;
  /** Told which column is pointed at. */
  point: (index: number | undefined) => void;
}

/** Steps of the axis of names: days, weeks, months of 30 days. */
const NAMES = [1, 2, 3, 5, 7, 14, 30, 60, 90];
/** Steps of the axis of figures: no half calls. */
const WHOLE = [1, 2, 5].flatMap((n) => Array.from({ length: 7 }, (_, power) => n * 10 ** power)).sort((a, b) => a - b);
/** A scale that has less on it is a scale of nothing. */
const LEAST = 4;

/** What a colour is now. A canvas knows no variables. */
function colour(node: HTMLElement, variable: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  node.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** All of it, for uPlot. */
export function options({ Plot, node, height, name, previous, point }: Drawing): uPlot.Options {
  const [muted, line] = [colour(node, "--muted"), colour(node, "--line")];
  const font = `12px ${getComputedStyle(node).fontFamily}`;
  const series = (ink: string, align: -1 | 1): uPlot.Series => ({
    fill: ink,
    width: 0,
    points: { show: false },
    ...(Plot.paths.bars === undefined
      ? {}
      : { paths: Plot.paths.bars({ size: previous ? [0.28, 22] : [0.4, 26], align, radius: 0.15, gap: 1 }) }),
  });
  const inks = [colour(node, "--chart-1"), colour(node, "--chart-2")] as const;
  // Between the columns, which are narrower beside them, so that the lines can be followed.
  const dotted = (ink: string): uPlot.Series => ({
    stroke: ink,
    width: 2,
    dash: [0.01, 5],
    cap: "round",
    points: { show: false },
  });
  return {
    width: node.clientWidth,
    height,
    legend: { show: false },
    cursor: { x: true, y: false, drag: { x: false, y: false, setScale: false }, points: { show: false } },
    // The name of the last column is wider than the column.
    padding: [8, 16, 0, 0],
    scales: {
      x: { time: false, range: (self) => [-0.5, self.data[0].length - 0.5] },
      y: { range: (_, __, most) => [0, Math.max(LEAST, (most ?? 0) * 1.08)] },
    },
    axes: [
      {
        stroke: muted,
        font,
        grid: { show: false },
        ticks: { show: false },
        incrs: NAMES,
        space: 56,
        size: 28,
        values: (_, splits) => splits.map((at) => (Number.isInteger(at) ? name(at) : "")),
      },
      {
        stroke: muted,
        font,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        incrs: WHOLE,
        space: 36,
        size: 44,
      },
    ],
    series: [{}, ...(previous ? inks.map(dotted) : []), series(inks[0], -1), series(inks[1], 1)],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? undefined)] },
  };
}
