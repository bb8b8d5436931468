// One delivery: what became of it, and what your server said.

import type { WebhookDelivery } from "agentphone-wasm";
import { Dialog } from "../../ui/dialog.js";
import { Copyable, Status, When } from "../../ui/values.js";

/** The dialog. The API gives no single delivery: it is shown if it is among those that were read. */
export function DeliveryDialog({
  id,
  delivery,
  close,
}: {
  id: string;
  delivery: WebhookDelivery | undefined;
  close: () => void;
}) {
  return (
    <Dialog title={delivery?.eventType ?? "A delivery"} onClose={close} wide>
      {delivery === undefined ? (
        <p>
          <code>{id}</code> is not among the deliveries that were read. Look further back with “When”, or at another
          webhook with “Webhook”.
        </p>
      ) : (
        <>
          <dl class="terms">
            <dt>Status</dt>
            <dd>
              <Status value={delivery.status} />
            </dd>
            <dt>HTTP status</dt>
            <dd>{delivery.httpStatus ?? <span class="muted">no answer</span>}</dd>
            {typeof delivery.errorMessage === "string" && (
              <>
                <dt>Error</dt>
                <dd class="bad-text">{delivery.errorMessage}</dd>
              </>
            )}
            <dt>Attempts</dt>
            <dd>{delivery.attemptCount}</dd>
            <dt>Last attempt</dt>
            <dd>
              <When at={delivery.lastAttemptAt} />
            </dd>
            <dt>Next retry</dt>
            <dd>
              {typeof delivery.nextRetryAt === "string" ? (
                <When at={delivery.nextRetryAt} />
              ) : (
                <span class="muted">none</span>
              )}
            </dd>
            <dt>Happened</dt>
            <dd>
              <When at={delivery.createdAt} />
            </dd>
            <dt>Channel</dt>
            <dd>{delivery.channel ?? <span class="muted">–</span>}</dd>
            <dt>Id</dt>
            <dd>
              <Copyable value={delivery.id} label="the delivery's id" />
            </dd>
          </dl>
          <h3>What your server answered</h3>
          {typeof delivery.responseBody === "string" && delivery.responseBody !== "" ? (
            <pre class="answer" tabIndex={0} role="group" aria-label="Its answer">
              {delivery.responseBody}
            </pre>
          ) : (
            <p class="muted">{typeof delivery.httpStatus === "number" ? "An empty body." : "Nothing."}</p>
          )}
        </>
      )}
    </Dialog>
  );
}
