// All campaigns of the store, with their progress.

import { type CampaignList, useCampaigns } from "../../data/campaigns.js";
import { count, number } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import { type Column, Table } from "../../ui/table.js";
import { Tag, When } from "../../ui/values.js";
import { Begin, NoStore } from "./begin.js";
import styles from "./campaigns.module.css";
import { MiniBar } from "./progress.js";
import type { CampaignStatus } from "./types.js";
import { answerRate, campaignStateOf, percentOf } from "./words.js";

const COLUMNS: readonly Column<CampaignStatus>[] = [
  {
    title: "Campaign",
    cell: ({ id, kind }) => (
      <span>
        <strong>{id}</strong> <span class="muted small">{kind === "call" ? "calls" : "texts"}</span>
      </span>
    ),
  },
  {
    title: "State",
    cell: (campaign) => {
      const [word, tone] = campaignStateOf(campaign);
      return <Tag tone={tone}>{word}</Tag>;
    },
  },
  {
    title: "Progress",
    tiny: true,
    cell: (campaign) => (
      <span class={styles.cellProgress}>
        <MiniBar campaign={campaign} />
        <span class="figures">{percentOf(campaign)}%</span>
      </span>
    ),
  },
  { title: "People", figures: true, low: true, cell: ({ people }) => number(people) },
  {
    title: "Answered",
    figures: true,
    low: true,
    cell: (campaign) => {
      const rate = answerRate(campaign);
      return rate === undefined ? <span class="muted">–</span> : `${rate}%`;
    },
  },
  {
    title: "In doubt",
    figures: true,
    wide: true,
    cell: ({ counts: { doubt } }) =>
      doubt === 0 ? <span class="muted">–</span> : <Tag tone="unsure">{number(doubt)}</Tag>,
  },
  { title: "Planned", figures: true, low: true, cell: ({ created }) => <When at={created} /> },
];

/** The view. */
export default function Campaigns(_: { id: string }) {
  const reading = useCampaigns();
  return (
    <>
      <div class="head">
        <div>
          <h1>Campaigns</h1>
          <p class="muted">Lists of people, each called or texted once, however often a worker or a machine fails.</p>
        </div>
      </div>
      <Loaded from={reading} what="the campaigns">
        {({ value }) => (value === null ? <NoStore /> : <List list={value} />)}
      </Loaded>
    </>
  );
}

function List({ list: { data, total, flags } }: { list: CampaignList }) {
  if (data.length === 0) return <Begin flags={flags} />;
  return (
    <>
      <div class={styles.list}>
        <Table
          label="Campaigns"
          columns={COLUMNS}
          items={data}
          id={({ id }) => id}
          href={({ id }) => `/campaigns/${id}`}
        />
      </div>
      <p class="muted small table-foot">
        {count(total, "campaign")}
        {total > data.length && `, the newest ${number(data.length)} are shown`}
      </p>
    </>
  );
}
