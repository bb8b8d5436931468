// Rows that are drawn only where they can be seen: TanStack's virtualizer for Preact.

import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

interface Rows {
  count: number;
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement>;
  /** Pixels of a row, as far as one can tell beforehand. */
  height: number;
  /** A row that is drawn wherever one has scrolled to: the one that has the focus would lose it. */
  kept?: number | undefined;
}

/** The rows to draw, with where they stand; drawn anew whenever they change. */
export function useVirtual({ count, scroller, height, kept }: Rows): Virtualizer<HTMLElement, HTMLElement> {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(),
    rangeExtractor: (range: Range) => withKept(defaultRangeExtractor(range), kept),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}

function withKept(rows: number[], kept: number | undefined): number[] {
  if (kept === undefined || kept < 0 || rows.includes(kept)) return rows;
  return kept < (rows[0] ?? 0) ? [kept, ...rows] : [...rows, kept];
}
