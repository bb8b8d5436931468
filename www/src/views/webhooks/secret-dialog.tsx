// The new secret of a webhook, once: when this is closed the page has forgotten it.

import { Dialog } from "../../ui/dialog.js";
import { Copyable } from "../../ui/values.js";
import styles from "./webhook-card.module.css";

/** The dialog. */
export function SecretDialog({
  secret,
  agentId,
  close,
}: {
  secret: string;
  agentId: string | undefined;
  close: () => void;
}) {
  return (
    <Dialog title="The new secret" onClose={close}>
      <p>Give it to your server now: deliveries are signed with it. This page shows it once.</p>
      <p class={styles.secret}>
        <Copyable value={secret} label="the secret" />
      </p>
      <p class="muted small">
        Lost it? <code>{agentId === undefined ? "client.webhooks.get()" : "client.agents.webhook.get(agentId)"}</code>{" "}
        tells it to your own code; setting the webhook anew issues another.
      </p>
      <div class="row end">
        <button type="button" class="primary" onClick={close}>
          I have stored it
        </button>
      </div>
    </Dialog>
  );
}
