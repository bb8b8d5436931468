// Views that are loaded when somebody goes there, so that the first look at the console is light.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../ui/problem.js";
import { Waiting } from "../ui/states.js";

/** A view gets the ids of its address. */
export type View = ComponentType<{ id: string }>;

/** A view that loads itself. */
export function lazy(load: () => Promise<{ default: View }>): View {
  let loaded: View | undefined;
  return function Lazy(props) {
    const [Shown, show] = useState<View | undefined>(() => loaded);
    const [error, fail] = useState<unknown>(undefined);
    const begin = (): void => {
      fail(undefined);
      load().then(({ default: view }) => {
        loaded = view;
        show(() => view);
      }, fail);
    };
    useEffect(() => {
      if (loaded === undefined) begin();
    }, []);
    if (Shown !== undefined) return <Shown {...props} />;
    return error === undefined ? <Waiting what="this view" /> : <Problem error={error} onRetry={begin} />;
  };
}
