// What a campaign was planned with, and its reports.

import { Download } from "lucide-preact";
import { readReport } from "../../data/campaigns.js";
import { useAgents } from "../../data/names.js";
import { Action } from "../../ui/action.js";
import { count, number } from "../../ui/format.js";
import { saveAs } from "../../ui/save.js";
import { When } from "../../ui/values.js";
import styles from "./campaigns.module.css";
import type { CampaignStatus } from "./types.js";
import { durationOf, priceOf, spanOf, timeOfDay } from "./words.js";

/** The plan and its limits. */
export function Facts({ campaign }: { campaign: CampaignStatus }) {
  const { plan, message, limits, kind, created, started, ended } = campaign;
  const agent = useAgents().find(({ id }) => id === message.agentId);
  const text = message.body ?? message.initialGreeting;
  return (
    <section class="card" aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <dl class="terms">
        <dt>Agent</dt>
        <dd>
          <a href={`#/agents/${message.agentId}`}>{agent?.name ?? message.agentId}</a>
        </dd>
        {plan !== null && (
          <>
            <dt>Price</dt>
            <dd>{priceOf(plan.price)}</dd>
            <dt>Time</dt>
            <dd>{durationOf(plan.duration)}</dd>
          </>
        )}
        <dt>Rate</dt>
        <dd>at most {number(limits.perMinute)} requests a minute</dd>
        {kind === "call" && (
          <>
            <dt>At once</dt>
            <dd>
              {count(limits.perNumber, "call")} per number, {count(message.numberIds.length, "number")}
            </dd>
            <dt>Call</dt>
            <dd>at most {spanOf(limits.longestCall)}</dd>
          </>
        )}
        <dt>Quiet hours</dt>
        <dd>
          {limits.quietHours === null
            ? "none"
            : `${timeOfDay(limits.quietHours.from)} to ${timeOfDay(limits.quietHours.until)}, where the person is`}
        </dd>
        <dt>Planned</dt>
        <dd>
          <When at={created} />
        </dd>
        {started !== null && (
          <>
            <dt>Started</dt>
            <dd>
              <When at={started} />
            </dd>
          </>
        )}
        {ended !== null && (
          <>
            <dt>Ended</dt>
            <dd>
              <When at={ended} />
            </dd>
          </>
        )}
      </dl>
      {text !== undefined && (
        <details>
          <summary>{kind === "text" ? "Text" : "First words"}</summary>
          <p class={styles.text}>{text}</p>
        </details>
      )}
    </section>
  );
}

/** Both files. */
export function Reports({ campaign: { id } }: { campaign: CampaignStatus }) {
  const save = async (format: "csv" | "html"): Promise<void> => {
    const report = await readReport(id, format);
    saveAs(`${id}.${format}`, report, format === "csv" ? "text/csv" : "text/html");
  };
  return (
    <section class="card" aria-labelledby="reports">
      <h2 id="reports">Report</h2>
      <div class="row">
        <Action run={() => save("csv")} label="Save the report as CSV">
          <Download aria-hidden="true" size={16} />
          CSV
        </Action>
        <Action run={() => save("html")} label="Save the report as HTML">
          <Download aria-hidden="true" size={16} />
          HTML
        </Action>
      </div>
      <p class="hint">CSV has one row per person. HTML has charts, and no numbers or names.</p>
    </section>
  );
}
