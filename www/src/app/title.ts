// The title of the tab: the name of what is shown, so that tabs and the history can be told apart.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** What the view shows, e.g. `Front desk`; absent where the view's own name is enough. */
export const shownName = signal<string | undefined>(undefined);

/** Names what a view shows, as soon as it is known. */
export function useTitle(name: string | undefined): void {
  useEffect(() => {
    shownName.value = name;
    return () => {
      shownName.value = undefined;
    };
  }, [name]);
}
