// The first thing that one sees: what this is, how the account is, what happens right now.

import { lazy } from "../../app/lazy.js";
import { isLive, mode } from "../../session/session.js";
import { Breakdowns } from "./breakdowns.js";
import { Checklist } from "./checklist.js";
import { complete, useFreshTexts, useSetUp } from "./data.js";
import { Figures } from "./figures.js";
import { LatestCalls, LatestTexts } from "./latest.js";
import { LiveCalls } from "./live.js";
import { PeriodChoice, periodNow } from "./period-choice.js";
import { Troubles } from "./troubles.js";
import { Usage } from "./usage.js";

const PLACE = { page: "inside this page", server: "on this machine", live: "" };

/** Loaded for new users only. */
const Connect = lazy(() => import("./connect.js"));

function ConnectWhenNew() {
  const setUp = useSetUp().data;
  return mode() !== "server" || setUp === undefined || complete(setUp) ? null : <Connect />;
}

/** The view. */
export default function Overview(_: { id: string }) {
  useFreshTexts(periodNow().before.start);
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
        <PeriodChoice />
      </div>
      <div class="stack">
        <Checklist />
        <ConnectWhenNew />
        <Figures />
        <LiveCalls />
        <Usage />
        <Breakdowns />
        <div class="cards">
          <LatestCalls />
          <LatestTexts />
        </div>
        <Troubles />
      </div>
    </>
  );
}
