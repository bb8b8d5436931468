// Where one can go. On a phone it is opened by the button in the header.

import { signal } from "@preact/signals";
import { number } from "../ui/format.js";
import { AccountChoice } from "./account-choice.js";
import { path } from "./location.js";
import type { Route } from "./routes.js";

/** Whether it is open where there is no room for it beside the view. */
export const menuOpen = signal(false);

const tooNarrow = matchMedia("(max-width: 52rem)");
/** Whether the navigation is a menu, which then has what the header has no room for. As in the styles of the frame. */
export const narrow = signal(tooNarrow.matches);
tooNarrow.addEventListener("change", ({ matches }) => (narrow.value = matches));

const here = (route: string): boolean => path.value === route || (route !== "/" && path.value.startsWith(`${route}/`));

/** The list of views. */
export function Navigation({ routes }: { routes: readonly Route[] }) {
  return (
    <nav id="navigation" aria-label="Views" class={menuOpen.value ? "open" : ""}>
      {narrow.value && <AccountChoice />}
      <ul>
        {routes.map(({ path: to, title, icon: Icon, useCount }) =>
          Icon === undefined ? null : (
            <li key={to}>
              <a href={`#${to}`} aria-current={here(to) ? "page" : undefined} onClick={() => (menuOpen.value = false)}>
                <Icon aria-hidden="true" size={18} />
                {title}
                {useCount && <Count of={useCount} />}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

/** How many wait for a person; nothing for none. */
function Count({ of: useCount }: { of: () => number }) {
  const count = useCount();
  return count === 0 ? null : <span class="badge unsure">{number(count)}</span>;
}
