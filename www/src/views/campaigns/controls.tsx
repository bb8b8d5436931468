// The buttons that steer a campaign. Each asks first, because a call that is placed cannot be taken back.

import { Pause, Play, RotateCcw, Square } from "lucide-preact";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { controlCampaign } from "../../data/campaigns.js";
import { Action } from "../../ui/action.js";
import { count } from "../../ui/format.js";
import { RetryDialog } from "./retry-dialog.js";
import type { CampaignStatus } from "./types.js";
import { actionsOf, durationOf, pauseOf, priceOf } from "./words.js";
import { WorkerNote } from "./worker-note.js";

/** The buttons that apply now. */
export function Controls({ campaign, flags }: { campaign: CampaignStatus; flags: string }) {
  const [retrying, setRetrying] = useState(false);
  const can = actionsOf(campaign);
  return (
    <div class="row">
      {can.retry && (
        <button type="button" onClick={() => setRetrying(true)}>
          <RotateCcw aria-hidden="true" size={16} />
          Another round…
        </button>
      )}
      {can.stop && (
        <Action class="danger" run={() => stop(campaign)}>
          <Square aria-hidden="true" size={16} />
          Stop…
        </Action>
      )}
      {can.pause && (
        <Action class="primary" run={() => pause(campaign)}>
          <Pause aria-hidden="true" size={16} />
          Pause…
        </Action>
      )}
      {can.start && (
        <Action class="primary" run={() => start(campaign, flags)}>
          <Play aria-hidden="true" size={16} />
          Start…
        </Action>
      )}
      {can.resume && (
        <Action class="primary" run={() => resume(campaign, flags)}>
          <Play aria-hidden="true" size={16} />
          Resume…
        </Action>
      )}
      {retrying && <RetryDialog campaign={campaign} flags={flags} close={() => setRetrying(false)} />}
    </div>
  );
}

const verbOf = ({ kind }: CampaignStatus): string => (kind === "call" ? "Call" : "Text");

async function start(campaign: CampaignStatus, flags: string): Promise<void> {
  const { id, plan, kind, counts } = campaign;
  const yes = await confirm({
    title: `${verbOf(campaign)} ${count(counts.waiting, "person", "people")}?`,
    body: (
      <>
        {plan !== null && (
          <dl class="terms">
            <dt>Price</dt>
            <dd>
              {priceOf(plan.price)}
              {kind === "call" && <span class="muted"> (most: every call lasts as long as it may)</span>}
            </dd>
            <dt>Time</dt>
            <dd>{durationOf(plan.duration)}</dd>
            {plan.quietNow > 0 && (
              <>
                <dt>Quiet hours</dt>
                <dd>{count(plan.quietNow, "person", "people")} when it was planned, contacted afterwards</dd>
              </>
            )}
          </dl>
        )}
        <WorkerNote id={id} flags={flags} />
      </>
    ),
    action: "Start",
  });
  if (!yes) return;
  await controlCampaign(campaign, "start");
  tell(`Started ${id}.`);
}

async function pause(campaign: CampaignStatus): Promise<void> {
  const { id, kind, counts } = campaign;
  const going = counts.placing + counts.placed;
  const yes = await confirm({
    title: "Pause the campaign?",
    body: (
      <p>
        No more people are contacted until it is resumed.
        {going > 0 && kind === "call" && ` ${count(going, "call")} in progress go on to their end.`}
      </p>
    ),
    action: "Pause",
  });
  if (!yes) return;
  await controlCampaign(campaign, "pause");
  tell(`Paused ${id}.`);
}

async function resume(campaign: CampaignStatus, flags: string): Promise<void> {
  const { id, reason, counts } = campaign;
  const [why, remedy] = pauseOf(reason);
  const yes = await confirm({
    title: `Go on, and ${verbOf(campaign).toLowerCase()} ${count(counts.waiting, "person", "people")}?`,
    body: (
      <>
        {reason !== "asked" && (
          <p>
            <strong>{why}</strong> {remedy}
          </p>
        )}
        <WorkerNote id={id} flags={flags} />
      </>
    ),
    action: "Resume",
  });
  if (!yes) return;
  await controlCampaign(campaign, "resume");
  tell(`Resumed ${id}.`);
}

async function stop(campaign: CampaignStatus): Promise<void> {
  const { id, counts } = campaign;
  const yes = await confirm({
    title: "Stop the campaign?",
    body: (
      <p>
        {count(counts.waiting, "waiting person", "waiting people")} will not be contacted, and this cannot be taken
        back. Calls in progress go on to their end.
      </p>
    ),
    action: "Stop the campaign",
    danger: true,
  });
  if (!yes) return;
  await controlCampaign(campaign, "stop");
  tell(`Stopped ${id}.`);
}
