// The first thing that one sees: what this is, how the account is, what happens right now.

import { isLive, mode } from "../../session/session.js";
import { Checklist } from "./checklist.js";
import { Figures } from "./figures.js";
import { LatestCalls, LatestTexts } from "./latest.js";
import { LiveCalls } from "./live.js";
import { Troubles } from "./troubles.js";
import { Usage } from "./usage.js";

const PLACE = { page: "inside this page", server: "on this machine", live: "" };

/** The view. */
export default function Overview(_: { id: string }) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Overview</h1>
          <p class="muted">
            {isLive()
              ? "Your AgentPhone account: calls ring phones and cost money."
              : `A local AgentPhone ${PLACE[mode()]}: agents that call and text people. No phone rings and nothing costs money.`}
          </p>
        </div>
      </div>
      <div class="stack">
        <Checklist />
        <Figures />
        <LiveCalls />
        <Usage />
        <div class="cards">
          <LatestCalls />
          <LatestTexts />
        </div>
        <Troubles />
      </div>
    </>
  );
}
