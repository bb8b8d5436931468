// The 10DLC registration: without it US carriers turn down texts of ordinary numbers. How far it is, what was
// filed, and the form that files or changes it.

import { useState } from "preact/hooks";
import { useApi } from "../../data/queries.js";
import { account } from "../../session/session.js";
import { Loaded } from "../../ui/states.js";
import { Course } from "./course.js";
import { draftOf } from "./draft.js";
import { Filed } from "./filed.js";
import styles from "./registration.module.css";
import { RegistrationForm } from "./registration-form.js";

/** A review takes days. */
const LOOK_EVERY = 15_000;
/** States of one that is there; after any other (none, rejected) one may file. */
const THERE = ["pending", "approved"];

export default function Registration(_: { id: string }) {
  const status = useApi(["registration", "status"], (client, signal) => client.registration.status({ signal }), {
    every: LOOK_EVERY,
  });
  const state = status.data?.campaign_status;
  const filed = useApi(["registration", "filed"], (client, signal) => client.registration.get({ signal }), {
    enabled: state !== undefined && state !== "none",
  });
  const [changing, change] = useState(false);
  return (
    <>
      <div class="head">
        <h1>Registration</h1>
      </div>
      <p class="lead muted">
        US carriers let ordinary numbers send texts once they know who sends and what (10DLC). You file it here; they
        review it in 7 to 10 working days. Calls need none of this.
      </p>
      <Loaded from={status} what="the registration">
        {(found) => (
          <div class={`stack ${styles.registration}`} key={account.value ?? ""}>
            <Course status={found} submittedAt={filed.data?.submitted_at} />
            {found.campaign_status !== "none" && (
              <Loaded from={filed} what="what was filed">
                {(detail) =>
                  changing && found.campaign_status === "pending" ? (
                    <RegistrationForm key="change" filed={detail} close={() => change(false)} />
                  ) : (
                    <Filed
                      detail={detail}
                      {...(found.campaign_status === "pending" ? { change: () => change(true) } : {})}
                    />
                  )
                }
              </Loaded>
            )}
            {!THERE.includes(found.campaign_status) &&
              (found.campaign_status === "none" || filed.data !== undefined) && (
                <RegistrationForm key="new" begin={draftOf(filed.data)} />
              )}
          </div>
        )}
      </Loaded>
    </>
  );
}
