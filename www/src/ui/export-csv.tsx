// Saves everything that a table could show as a file for spreadsheets: reads it page by page, shows the progress, and can
// be cancelled.

import { FileDown } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { tell, tellError } from "../app/notices.js";
import { BYTE_ORDER_MARK, csvLine } from "./csv.js";
import { count, number } from "./format.js";
import { saveAs } from "./save.js";
import styles from "./table.module.css";

interface ExportCsvProps<T> {
  /** Name of the file, without its extension. */
  name: string;
  noun: string;
  columns: readonly (readonly [string, (item: T) => unknown])[];
  /** Everything, item by item; ends early if the signal is aborted. `read` receives how many items were read. */
  items: (signal: AbortSignal, read: (n: number) => void) => AsyncIterable<T>;
}

/** Items between two updates of the progress. */
const STEP = 100;

/** The button; during the export, its progress and a way to cancel it. */
export function ExportCsv<T>({ name, noun, columns, items }: ExportCsvProps<T>) {
  const [read, setRead] = useState<number | undefined>(undefined);
  const leaving = useRef<AbortController>();
  useEffect(() => () => leaving.current?.abort(), []);
  const run = async (): Promise<void> => {
    const controller = new AbortController();
    leaving.current = controller;
    setRead(0);
    const lines = [BYTE_ORDER_MARK + csvLine(columns.map(([title]) => title))];
    const note = (n: number): void => {
      if (n % STEP === 0) setRead(n);
    };
    try {
      for await (const item of items(controller.signal, note))
        lines.push(csvLine(columns.map(([, value]) => value(item))));
      if (controller.signal.aborted) return;
      saveAs(`${name}.csv`, lines, "text/csv");
      tell(`${count(lines.length - 1, noun)} exported.`);
    } catch (error) {
      if (!controller.signal.aborted) tellError(error);
    } finally {
      setRead(undefined);
    }
  };
  if (read !== undefined)
    return (
      <span class="row" role="status">
        <span class="muted small">Read {number(read)}…</span>
        <button type="button" onClick={() => leaving.current?.abort()}>
          Cancel export
        </button>
      </span>
    );
  return (
    <button type="button" aria-label="Export CSV" onClick={() => void run()}>
      <FileDown aria-hidden="true" size={16} />
      <span class={styles.word}>Export CSV</span>
    </button>
  );
}
