// One delivery: its attempts with what was sent and what came back, what it is about, and one more attempt.

import type { WebhookDelivery } from "agentphone-wasm";
import { RotateCw, ShieldCheck } from "lucide-preact";
import { useState } from "preact/hooks";
import { go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { Action } from "../../ui/action.js";
import { CopyButton } from "../../ui/copy-button.js";
import { Dialog } from "../../ui/dialog.js";
import { clock, fully, words } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { Waiting } from "../../ui/states.js";
import { Copyable, Status, When } from "../../ui/values.js";
import { type Attempt, knowsAttempts, resend, useAttempts } from "./attempts.js";
import { toCheck } from "./check-request.js";
import styles from "./delivery.module.css";
import { asCurl, failureOf, linksIn } from "./delivery-facts.js";
import { LoggedSides, Sides } from "./delivery-sides.js";
import page from "./webhooks.module.css";

interface DeliveryDialogProps {
  id: string;
  /** Absent if it is not among those that were read: the API gives no single delivery. */
  delivery: WebhookDelivery | undefined;
  /** Whether more of them are on their way. */
  reading: boolean;
  close: () => void;
}

/** The dialog. */
export function DeliveryDialog({ id, delivery, reading, close }: DeliveryDialogProps) {
  return (
    <Dialog title={delivery?.eventType ?? "A delivery"} onClose={close} class={styles.dialog}>
      {delivery === undefined && reading ? (
        <Waiting what="the delivery" />
      ) : delivery === undefined ? (
        <p>
          <code>{id}</code> is not among the deliveries that were read. Look further back with “When”, or at another
          webhook with “Webhook”.
        </p>
      ) : (
        <Detail delivery={delivery} />
      )}
    </Dialog>
  );
}

function Detail({ delivery }: { delivery: WebhookDelivery }) {
  const reading = useAttempts(delivery.id);
  const attempts = reading.data ?? [];
  const [chosen, choose] = useState<number | undefined>(undefined);
  const last = attempts.at(-1);
  const shown = (chosen === undefined ? undefined : attempts[chosen]) ?? last;
  if (knowsAttempts() && reading.data === undefined && reading.error === null) return <Waiting what="the attempts" />;
  return (
    <>
      <Facts delivery={delivery} />
      <div class={styles.bar}>
        <div class="row">
          {knowsAttempts() && (
            <Action
              class="primary"
              run={async () => {
                await resend(delivery.id);
                choose(undefined);
                tell("Sent again.");
              }}
            >
              <RotateCw aria-hidden="true" size={16} />
              Resend
            </Action>
          )}
          {shown && (
            <>
              <button type="button" onClick={() => check(shown)}>
                <ShieldCheck aria-hidden="true" size={16} />
                Check the signature
              </button>
              <CopyButton value={() => asCurl(shown)}>Copy as curl</CopyButton>
            </>
          )}
        </div>
        <nav class={styles.links} aria-label="What it is about">
          {linksIn(last?.body).map(({ text, href }) => (
            <a key={href} href={href}>
              {text}
            </a>
          ))}
        </nav>
      </div>
      <Problem error={reading.error} onRetry={() => void reading.refetch()} />
      <Attempts delivery={delivery} attempts={attempts} shown={shown} choose={choose} />
      {shown === undefined ? (
        <LoggedSides
          status={delivery.httpStatus ?? null}
          error={delivery.errorMessage ?? null}
          body={delivery.responseBody ?? null}
        />
      ) : (
        <Sides attempt={shown} />
      )}
    </>
  );
}

function check({ headers, body }: Attempt): void {
  toCheck.value = { headers, body };
  go("/webhooks?check=1", { replace: true });
}

function Facts({ delivery }: { delivery: WebhookDelivery }) {
  const { id, status, channel, createdAt, messageId } = delivery;
  const why = failureOf(delivery);
  return (
    <dl class={styles.facts}>
      <div>
        <dt>Status</dt>
        <dd>
          <Status value={status} /> {why !== undefined && <span class={`${page.why} small`}>{why}</span>}
        </dd>
      </div>
      <div>
        <dt>Happened</dt>
        <dd>
          <When at={createdAt} />
        </dd>
      </div>
      {typeof channel === "string" && (
        <div>
          <dt>Channel</dt>
          <dd>{words(channel)}</dd>
        </div>
      )}
      <div>
        <dt>Delivery id</dt>
        <dd>
          <Copyable value={id} label="the delivery's id" />
        </dd>
      </div>
      {typeof messageId === "string" && (
        <div>
          <dt>Message id</dt>
          <dd>
            <Copyable value={messageId} label="the message's id" />
          </dd>
        </div>
      )}
    </dl>
  );
}

interface AttemptsProps {
  delivery: WebhookDelivery;
  attempts: readonly Attempt[];
  shown: Attempt | undefined;
  choose: (index: number) => void;
}

/** All attempts with their times, and when the next one is. */
function Attempts({ delivery, attempts, shown, choose }: AttemptsProps) {
  const { attemptCount, lastAttemptAt, nextRetryAt } = delivery;
  // The log counts those that are no longer kept.
  const before = Math.max(0, attemptCount - attempts.length);
  return (
    <section aria-label="Attempts">
      {attempts.length === 0 && (
        <p>
          {attemptCount === 1 ? "One attempt" : `${attemptCount} attempts`}
          {typeof lastAttemptAt === "string" && (
            <>
              {", the last "}
              <When at={lastAttemptAt} />
            </>
          )}
          .
        </p>
      )}
      <div class={styles.attempts}>
        {attempts.map((attempt, index) => (
          <button key={index} type="button" aria-pressed={attempt === shown} onClick={() => choose(index)}>
            <span>Attempt {before + index + 1}</span>
            <span class="small muted" title={fully(new Date(attempt.at))}>
              {clock(new Date(attempt.at))} · {outcome(attempt)}
            </span>
          </button>
        ))}
        {typeof nextRetryAt === "string" && (
          <span class={styles.next}>
            <span>Next attempt</span>
            <When at={nextRetryAt} />
          </span>
        )}
      </div>
      {before > 0 && attempts.length > 0 && <p class="hint">Earlier attempts are no longer kept.</p>}
    </section>
  );
}

const outcome = ({ status, error }: Attempt): string =>
  status === null ? (failureOf({ status: "failed", errorMessage: error }) ?? "in progress") : `HTTP ${status}`;
