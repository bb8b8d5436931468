// Another round for people who were not reached: whom, how many, and what it can cost.

import { useState } from "preact/hooks";
import { tell } from "../../app/notices.js";
import { controlCampaign } from "../../data/campaigns.js";
import { Form } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { count, number } from "../../ui/format.js";
import styles from "./campaigns.module.css";
import type { CampaignStatus } from "./types.js";
import { RETRYABLE, roundPrice, stateOf } from "./words.js";
import { WorkerNote } from "./worker-note.js";

interface RetryProps {
  campaign: CampaignStatus;
  flags: string;
  close: () => void;
}

/** The dialog. */
export function RetryDialog({ campaign, flags, close }: RetryProps) {
  const { id, plan, counts, state, kind } = campaign;
  const possible = RETRYABLE.filter((each) => counts[each] > 0);
  const [chosen, choose] = useState<readonly string[]>(
    possible.filter((each) => each === "busy" || each === "no-answer"),
  );
  const people = possible.filter((each) => chosen.includes(each)).reduce((sum, each) => sum + counts[each], 0);
  const price = roundPrice(plan, people);
  const submit = async (): Promise<void> => {
    if (people === 0) throw new Error("Choose at least one result.");
    const { retried = 0 } = await controlCampaign(campaign, "retry", chosen);
    close();
    tell(`Planned another round for ${count(retried, "person", "people")}.`);
  };
  return (
    <Dialog title="Another round" onClose={close}>
      <Form submit={submit} action={`Plan it for ${count(people, "person", "people")}`}>
        <fieldset class={styles.checks}>
          <legend>Whom to {kind === "call" ? "call" : "text"} once more</legend>
          {possible.map((each) => (
            <label key={each}>
              <input
                type="checkbox"
                checked={chosen.includes(each)}
                onChange={() =>
                  choose(chosen.includes(each) ? chosen.filter((one) => one !== each) : [...chosen, each])
                }
              />
              {stateOf(each)[0]} <span class="muted">{number(counts[each])}</span>
            </label>
          ))}
        </fieldset>
        <p class="hint">
          People in doubt are never among them.{price !== undefined && people > 0 && ` At most ${price}.`}{" "}
          {state === "paused" ? "It begins when the campaign is resumed." : "Nothing is sent before it is started."}
        </p>
        {state !== "paused" && <WorkerNote id={id} flags={flags} />}
      </Form>
    </Dialog>
  );
}
