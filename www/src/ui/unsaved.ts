// Warns before what was typed and not saved is left behind: by a link, a step back, or with the whole page.

import { createElement } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { confirm } from "../app/confirm.js";
import { guardLeaving } from "../app/location.js";

/**
 * Asks before one leaves, as long as `unsaved`.
 *
 * @param what What would be lost, e.g. `The changes of Front desk`.
 */
export function useUnsaved(unsaved: boolean, what: string): void {
  // Before the next event can be handled: somebody may leave right after typing.
  useLayoutEffect(() => {
    if (!unsaved) return;
    const ask = (): Promise<boolean> =>
      confirm({
        title: "Leave without saving?",
        body: createElement("p", null, `${what} are not saved yet and would be lost.`),
        action: "Leave",
        danger: true,
      });
    const open = guardLeaving({ holds: ({ path }) => path, ask });
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => {
      open();
      removeEventListener("beforeunload", warn);
    };
  }, [unsaved, what]);
}
