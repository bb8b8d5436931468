// Views, and parts of them, that are loaded when somebody goes there, so that the first look at the console is light.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Waiting } from "../ui/states.js";

/** A view gets the ids of its address. */
export type View = ComponentType<{ id: string }>;

/** Milliseconds between two attempts to load it. */
const PAUSE = 2000;

/** A view that loads itself, and tries again until it has. `what`: said meanwhile. */
export function lazy<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  what = "this view",
): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props) {
    const [Shown, show] = useState<ComponentType<P> | undefined>(() => loaded);
    const [failed, fail] = useState(0);
    useEffect(() => {
      if (loaded !== undefined) return;
      let left = false;
      const begin = (): void => {
        load().then(
          ({ default: view }) => {
            loaded = view;
            if (!left) show(() => view);
          },
          () => {
            if (!left) fail((times) => times + 1);
          },
        );
      };
      let timer: ReturnType<typeof setTimeout> | undefined;
      if (failed === 0) begin();
      else timer = setTimeout(begin, PAUSE);
      return () => {
        left = true;
        clearTimeout(timer);
      };
    }, [failed]);
    if (Shown !== undefined) return <Shown {...props} />;
    return failed === 0 ? <Waiting what={what} /> : <NotLoaded />;
  };
}

const NotLoaded = () => (
  <div class="problem" role="alert">
    <p>
      <strong>This view could not be loaded.</strong> The server of the console does not respond. Trying again every{" "}
      {PAUSE / 1000} seconds.
    </p>
    <p>If the console has been updated meanwhile, reload the page.</p>
    <div class="row">
      <button type="button" onClick={() => location.reload()}>
        Reload the page
      </button>
    </div>
  </div>
);
