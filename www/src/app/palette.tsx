// The command palette: go to a view, do something, or find an object by its id, number, name or words.

import { Search } from "lucide-preact";
import { Fragment, type RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useSubAccounts } from "../data/sub-accounts.js";
import styles from "./palette.module.css";
import { commands } from "./palette-commands.js";
import { byId, byPhone, byWords, type Item } from "./palette-find.js";
import { cleaned, grouped, meaningOf, ranked } from "./palette-rank.js";
import type { Route } from "./routes.js";
import { palette } from "./shortcuts.js";

/** Milliseconds without a key press after which the account is searched. */
const PAUSE = 150;
const MOST = 8;

interface PaletteProps {
  typed: string;
  pasted: boolean;
  routes: readonly Route[];
}

/** The palette, open as long as it is mounted. */
export default function Palette({ typed: first, pasted, routes }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [typed, type] = useState(first);
  const [chosen, choose] = useState(0);
  const { items, looking } = useItems(cleaned(typed), routes);
  const close = (): void => void (palette.value = undefined);
  const take = (item: Item | undefined): void => {
    if (item === undefined) return;
    close();
    void item.act();
  };
  useOpen(dialog);
  // The text typed so far.
  useLayoutEffect(() => type((now) => palette.peek()?.typed ?? now), []);
  const goneTo = useRef(false);
  useEffect(() => {
    const [only, ...others] = items.filter(({ group }) => group === "Found");
    // Exactly one object has this id or number, so it is opened.
    const certain = meaningOf(cleaned(first)) === "id" && others.length === 0;
    if (!pasted || goneTo.current || looking || typed !== first || only === undefined || !certain) return;
    goneTo.current = true;
    take(only);
  }, [items, looking]);
  const index = Math.min(chosen, items.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [index]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") choose((index + 1) % Math.max(1, items.length));
    else if (event.key === "ArrowUp") choose((index - 1 + items.length) % Math.max(1, items.length));
    else if (event.key === "Enter") take(items[index]);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it as well, by onCancel
    <dialog
      ref={dialog}
      class={styles.palette}
      aria-label="Find and go"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class={styles.box}>
        <Search aria-hidden="true" size={18} />
        <input
          type="text"
          role="combobox"
          aria-label="Find and go"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
          placeholder="Go to, do, or find by id, number, name or words"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => {
            type(event.currentTarget.value);
            choose(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Matches" tabIndex={-1} ref={list} class={styles.list}>
        {items.map((item, at) => (
          <Fragment key={`${item.group} ${item.name} ${item.also ?? ""} ${at}`}>
            {items[at - 1]?.group !== item.group && (
              <p class={styles.group} role="presentation">
                {item.group}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses in the input */}
            <div
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              class={styles.option}
              aria-selected={at === index}
              onPointerMove={() => choose(at)}
              onClick={() => take(item)}
            >
              <span class={styles.name}>{item.name}</span>
              {item.also !== undefined && <span class="muted small">{item.also}</span>}
            </div>
          </Fragment>
        ))}
      </div>
      <p class={`muted small ${styles.foot}`} role="status">
        {looking ? "Looking…" : items.length === 0 ? "No matches." : ""}
      </p>
    </dialog>
  );
}

/** Opens it as a modal dialog, and returns the focus when it closes. */
function useOpen(ref: RefObject<HTMLDialogElement>): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector("input")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

/** The matches: first what the page knows, then what the account has. */
function useItems(typed: string, routes: readonly Route[]): { items: readonly Item[]; looking: boolean } {
  const { data: subAccounts = [] } = useSubAccounts();
  const own = useMemo(
    () => ranked(commands(routes, subAccounts), typed, typed === "" ? 100 : MOST),
    [typed, routes, subAccounts],
  );
  const [found, setFound] = useState<{ typed: string; items: readonly Item[] }>({ typed: "", items: [] });
  useEffect(() => {
    const meaning = meaningOf(typed);
    if (meaning === "nothing") return setFound({ typed, items: [] });
    const leaving = new AbortController();
    const find = async (): Promise<readonly Item[]> => {
      if (meaning === "phone") return byPhone(typed, leaving.signal);
      const objects = meaning === "id" ? await byId(typed.trim(), leaving.signal) : [];
      return objects.length > 0 ? objects : byWords(typed, leaving.signal);
    };
    const timer = setTimeout(() => {
      find().then(
        (items) => !leaving.signal.aborted && setFound({ typed, items }),
        // A failed search counts as no match; the views report problems with the connection.
        () => !leaving.signal.aborted && setFound({ typed, items: [] }),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [typed]);
  const looking = found.typed !== typed;
  const items = useMemo(
    () => grouped(meaningOf(typed) === "words" ? [...own, ...found.items] : [...found.items, ...own]),
    [own, found, typed],
  );
  return { items, looking };
}
