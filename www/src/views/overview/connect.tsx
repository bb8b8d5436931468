// For new users with a program: how to connect it, and whether it has sent a request.

import { signal } from "@preact/signals";
import { exchanges } from "../../data/exchanges.js";
import { ConnectCode, FirstRequest } from "../../ui/connect-code.js";

const KEPT_AS = "agentphone-connect";
const hidden = signal(localStorage.getItem(KEPT_AS) === "hidden");

function hide(): void {
  hidden.value = true;
  localStorage.setItem(KEPT_AS, "hidden");
}

/** The card; gone once the user hides it. */
export default function Connect() {
  if (hidden.value) return null;
  const connected = (exchanges.value?.length ?? 0) > 0;
  return (
    <section class="card" aria-labelledby="connect-heading">
      <div class="row between">
        <h2 id="connect-heading">Connect your code</h2>
        <button type="button" class="link small" aria-label="Hide: connect your code" onClick={hide}>
          Hide
        </button>
      </div>
      <FirstRequest />
      {connected ? (
        <p class="muted">
          Next: place a call, and follow here what is said. The first step above makes all that it needs.
        </p>
      ) : (
        <ConnectCode />
      )}
    </section>
  );
}
