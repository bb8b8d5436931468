// Where one can go, in groups: with names beside the view, as icons where there is less room, and on a phone as a
// menu that the button in the header opens.

import { signal } from "@preact/signals";
import { number } from "../ui/format.js";
import { AccountChoice } from "./account-choice.js";
import { path } from "./location.js";
import styles from "./navigation.module.css";
import { GROUPS, type Route } from "./routes.js";
import { ThemeButton } from "./theme-button.js";

/** Whether it is open where there is no room for it beside the view. */
export const menuOpen = signal(false);

const tooNarrow = matchMedia("(max-width: 47.99rem)");
/** Whether the navigation is a menu, which then has what the header has no room for. As in its styles. */
export const narrow = signal(tooNarrow.matches);
tooNarrow.addEventListener("change", ({ matches }) => (narrow.value = matches));

// Also Back and the command palette lead to a view, which the menu would cover.
path.subscribe(() => (menuOpen.value = false));

/** Also for the button that opens it, where the focus is until somebody moves it. */
export function closeOnEscape({ key }: KeyboardEvent): void {
  if (key !== "Escape" || !menuOpen.value) return;
  menuOpen.value = false;
  document.querySelector<HTMLElement>("[aria-controls=navigation]")?.focus();
}

const here = (route: string): boolean => path.value === route || (route !== "/" && path.value.startsWith(`${route}/`));

/** The list of views. */
export function Navigation({ routes }: { routes: readonly Route[] }) {
  return (
    <nav
      id="navigation"
      aria-label="Views"
      class={menuOpen.value ? `${styles.views} ${styles.open}` : styles.views}
      onKeyDown={closeOnEscape}
    >
      <div class={styles.inner}>
        {narrow.value && (
          <div class={styles.head}>
            <AccountChoice />
            <ThemeButton named />
          </div>
        )}
        {GROUPS.map((group) => (
          <Group key={group} name={group} routes={routes.filter((route) => route.group === group)} />
        ))}
      </div>
    </nav>
  );
}

/** Where the name of an icon is shown: the column scrolls, and would cut off what is inside it. */
function placeName({ currentTarget: link }: { currentTarget: HTMLElement }): void {
  const { top, height } = link.getBoundingClientRect();
  link.style.setProperty("--middle", `${top + height / 2}px`);
}

function Group({ name, routes }: { name: string; routes: readonly Route[] }) {
  const id = `views-${name.toLowerCase()}`;
  return (
    <>
      {name !== "" && (
        <p id={id} class={styles.group}>
          <span>{name}</span>
        </p>
      )}
      <ul {...(name === "" ? {} : { "aria-labelledby": id })}>
        {routes.map(({ path: to, title, icon: Icon, useCount }) => (
          <li key={to}>
            <a
              href={`#${to}`}
              aria-current={here(to) ? "page" : undefined}
              onClick={() => (menuOpen.value = false)}
              onPointerEnter={placeName}
              onFocus={placeName}
            >
              {Icon && <Icon aria-hidden="true" size={18} />}
              <span class={styles.name}>{title}</span>
              {useCount && <Count of={useCount} />}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** How many wait for a person; nothing for none. */
function Count({ of: useCount }: { of: () => number }) {
  const count = useCount();
  return count === 0 ? null : <span class={`badge unsure ${styles.count}`}>{number(count)}</span>;
}
