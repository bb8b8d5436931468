// The frame around every view: where one is, where one can go, what has just happened.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Router, Switch, Route as When } from "wouter-preact";
import { isLive } from "../session/session.js";
import { Empty } from "../ui/states.js";
import { AccountSign } from "./account-sign.js";
import { Confirmation } from "./confirm.js";
import { ConnectionSign } from "./connection-sign.js";
import { DoubtWatch } from "./doubt-watch.js";
import { Header } from "./header.js";
import { useLiveSign } from "./live-sign.js";
import { path, useHash, useHashQuery } from "./location.js";
import { Navigation } from "./navigation.js";
import { Notices } from "./notice-list.js";
import { KeyHelp, PaletteOverlay } from "./overlays.js";
import { PlaceCallDialog } from "./place-call.js";
import { ROUTES, type Route } from "./routes.js";
import { useShortcuts } from "./shortcuts.js";
import { shownName } from "./title.js";
import { WaitSign } from "./wait-sign.js";

/** The same list each time: effects that depend on it would restart with a new one. */
let routes: readonly Route[] | undefined;
const shown = (): readonly Route[] => (routes ??= ROUTES.filter(({ sandbox }) => sandbox !== true || !isLive()));

/** The whole console. */
export function App() {
  useShortcuts(shown());
  return (
    <Router hook={useHash} searchHook={useHashQuery}>
      {/* biome-ignore lint/a11y/useValidAnchor: a link to a part of the page, whose router has the hash */}
      <a class="skip" href="#main" onClick={(event) => focusMain(event)}>
        Skip to the content
      </a>
      <Header />
      <AccountSign />
      <ConnectionSign />
      <WaitSign />
      <div class="frame">
        <Navigation routes={shown()} />
        <Main />
      </div>
      <Notices />
      <PlaceCallDialog />
      <DoubtWatch />
      <PaletteOverlay routes={shown()} />
      <KeyHelp routes={shown()} />
      <Confirmation />
    </Router>
  );
}

function focusMain(event: Event): void {
  // The address after the # is a view's.
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** Whether an address is one of a route, whose path may have an id in it. */
const leadsTo = (pattern: string, at: string): boolean => {
  const [here, wanted] = [at.split("/"), pattern.split("/")];
  return here.length === wanted.length && wanted.every((part, index) => part.startsWith(":") || part === here[index]);
};

function Main() {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const at = path.value;
  const title = shownName.value ?? shown().find(({ path: pattern }) => leadsTo(pattern, at))?.title ?? "AgentPhone";
  const live = useLiveSign();
  useEffect(() => {
    document.title = `${live === 0 ? "" : `(${live}) `}${title} · AgentPhone console`;
  }, [title, live]);
  useLayoutEffect(() => {
    // Whoever uses the keyboard or listens is where the new view begins; not when the page has just come.
    if (!first.current) main.current?.focus();
    first.current = false;
    scrollTo(0, 0);
  }, [at]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      <Switch>
        {shown().map(({ path: pattern, view: View }) => (
          <When key={pattern} path={pattern}>
            {(params) => {
              const { id = "" } = params as { id?: string };
              return <View id={id} />;
            }}
          </When>
        ))}
        <When>
          <Empty title="Nothing at this address.">
            <a href="#/">To the overview</a>
          </Empty>
        </When>
      </Switch>
    </main>
  );
}
