// One campaign, live: how far it is, what needs somebody, its people, and the buttons that steer it.

import { useTitle } from "../../app/title.js";
import { CampaignProblem, useCampaign } from "../../data/campaigns.js";
import { lost } from "../../session/connection.js";
import { number } from "../../ui/format.js";
import { Empty, Loaded } from "../../ui/states.js";
import { Up } from "../../ui/up.js";
import { Tag } from "../../ui/values.js";
import { Alerts } from "./alerts.js";
import { NoStore } from "./begin.js";
import styles from "./campaigns.module.css";
import { Controls } from "./controls.js";
import { Facts, Reports } from "./facts.js";
import { People } from "./people.js";
import { Progress } from "./progress.js";
import { Reasons } from "./reasons.js";
import type { CampaignStatus } from "./types.js";
import { answerRate, campaignStateOf, GROUPS, spanOf, sumOf } from "./words.js";

/** The view. */
export default function Campaign({ id }: { id: string }) {
  const reading = useCampaign(id);
  useTitle(id);
  const isGone = reading.error instanceof CampaignProblem && reading.error.code === "NO_CAMPAIGN";
  return (
    <>
      <Up to="#/campaigns">All campaigns</Up>
      {isGone ? (
        <>
          <h1>{id}</h1>
          <Empty title="No campaign has this id.">
            <a href="#/campaigns">All campaigns</a>
          </Empty>
        </>
      ) : (
        <Loaded from={reading} what="the campaign">
          {({ value }) =>
            value === null ? (
              <>
                <h1>{id}</h1>
                <NoStore />
              </>
            ) : (
              <Shown campaign={value} flags={value.flags} />
            )
          }
        </Loaded>
      )}
    </>
  );
}

function Shown({ campaign, flags }: { campaign: CampaignStatus; flags: string }) {
  const [word, tone] = campaignStateOf(campaign);
  return (
    <>
      <div class="head">
        <div class={styles.title}>
          <h1>{campaign.id}</h1>
          <Tag tone={tone}>{word}</Tag>
          <span class="muted">{campaign.kind === "call" ? "Calls" : "Texts"}</span>
        </div>
        <Controls campaign={campaign} flags={flags} />
      </div>
      <div class="stack">
        <Alerts campaign={campaign} flags={flags} />
        <Progress campaign={campaign} />
        <Figures campaign={campaign} />
        <div class={styles.columns}>
          <People campaign={campaign} />
          <div class={styles.aside}>
            <Reasons campaign={campaign} />
            <Facts campaign={campaign} />
            <Reports campaign={campaign} />
          </div>
        </div>
      </div>
    </>
  );
}

const NOT_REACHED = GROUPS.filter(({ tone, value }) => tone === "soft" && value !== "skipped");

function Figures({ campaign }: { campaign: CampaignStatus }) {
  const { kind, counts, perMinute, state } = campaign;
  const rate = answerRate(campaign);
  const isRunning = state === "running";
  return (
    <dl class={styles.figures} aria-label="Figures">
      {kind === "call" ? (
        <>
          <Figure name={rate === undefined ? "Answered" : `Answered, ${rate}% of the results`}>
            {number(counts.answered)}
          </Figure>
          <Figure name="Not reached">
            {number(NOT_REACHED.reduce((sum, group) => sum + sumOf(group, counts), 0))}
          </Figure>
        </>
      ) : (
        <Figure name="Sent">{number(counts.sent)}</Figure>
      )}
      <Figure name="Failed">{number(counts.failed)}</Figure>
      <Figure name="In doubt">{number(counts.doubt)}</Figure>
      <Figure name="Sent per minute">{isRunning ? number(perMinute) : "–"}</Figure>
      <Figure name="Time left, about">{isRunning ? <Left campaign={campaign} /> : "–"}</Figure>
    </dl>
  );
}

/** The time that is left, at the rate of the last minute. */
function Left({ campaign: { endsAt } }: { campaign: CampaignStatus }) {
  if (endsAt === null || lost.value !== undefined) return <>–</>;
  const seconds = (Date.parse(endsAt) - Date.now()) / 1000;
  return <>{seconds <= 0 ? "0 s" : spanOf(seconds)}</>;
}

const Figure = ({ name, children }: { name: string; children: preact.ComponentChildren }) => (
  <div class="figure">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
