// What the keys open: the palette, which is loaded on first use, and the list of all keys.

import { Search } from "lucide-preact";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../ui/dialog.js";
import { tellError } from "./notices.js";
import styles from "./palette.module.css";
import type { Route } from "./routes.js";
import { helpOpen, openPalette, palette } from "./shortcuts.js";

type PaletteView = ComponentType<{ typed: string; pasted: boolean; routes: readonly Route[] }>;

/** The palette, when it is open. */
export function PaletteOverlay({ routes }: { routes: readonly Route[] }) {
  const [View, show] = useState<PaletteView | undefined>(undefined);
  const open = palette.value;
  useEffect(() => {
    if (open === undefined || View !== undefined) return;
    import("./palette.js").then(
      ({ default: view }) => show(() => view),
      (error: unknown) => {
        palette.value = undefined;
        tellError(error);
      },
    );
  }, [open]);
  if (open === undefined || View === undefined) return null;
  return <View {...open} routes={routes} />;
}

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** Opens the palette, for those who do not know the key. */
export function FindButton() {
  return (
    <button type="button" class={styles.open} onClick={() => openPalette()}>
      <Search aria-hidden="true" size={16} />
      <span class={styles.word}>Find and go</span> <kbd>{IS_APPLE ? "⌘K" : "Ctrl K"}</kbd>
    </button>
  );
}

const CALL_KEYS: readonly [string, string][] = [
  ["Space", "Play or pause a recording"],
  ["← →", "Back or forward 5 seconds"],
  ["J K", "Next or previous call"],
];

/** All keys, on request. */
export function KeyHelp({ routes }: { routes: readonly Route[] }) {
  if (!helpOpen.value) return null;
  const all: readonly [string, string][] = [
    ["Ctrl K", "Find and go"],
    ["/", "Search in the view"],
    ["?", "These keys"],
    ...routes.flatMap(({ key, title }): [string, string][] => (key === undefined ? [] : [[`g ${key}`, title]])),
    ...CALL_KEYS,
  ];
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={() => (helpOpen.value = false)}>
      <div class={styles.keys}>
        {all.map(([keys, what]) => (
          <div key={keys}>
            <span>{what}</span>
            <kbd>{keys}</kbd>
          </div>
        ))}
      </div>
      <p class="hint">Paste an id or a number anywhere to look it up.</p>
    </Dialog>
  );
}
