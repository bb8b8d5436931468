// All calls: as a table that follows them, or those that go on side by side as they speak.

import { filter, useHashQuery } from "../../app/location.js";
import { Reach } from "../reach/reach.js";
import styles from "./calls.module.css";
import { CallsTable } from "./calls-table.js";
import { FilterBar, readFilters } from "./filters.js";
import { remember } from "./last-list.js";
import { LiveWall } from "./live-wall.js";

/** The view. */
export default function Calls(_: { id: string }) {
  const live = filter("view") === "live";
  const filters = readFilters();
  remember(useHashQuery());
  return (
    <>
      <div class="head">
        <h1>Calls</h1>
        <nav class={styles.switch} aria-label="How the calls are shown">
          <a href="#/calls" aria-current={live ? undefined : "true"}>
            Table
          </a>
          <a href="#/calls?view=live" aria-current={live ? "true" : undefined}>
            Live
          </a>
        </nav>
      </div>
      {live ? (
        <LiveWall />
      ) : (
        <>
          <FilterBar filters={filters} />
          <CallsTable filters={filters} />
          <Reach />
        </>
      )}
    </>
  );
}
