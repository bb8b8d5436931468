// Threads at the left, the chosen one at the right; on a phone one of them at a time. Which thread, and which
// filters, stands in the address.

import { ChevronLeft, MessageSquarePlus } from "lucide-preact";
import { filter, setFilter } from "../../app/location.js";
import { isLive } from "../../session/session.js";
import { Compose } from "./compose.js";
import styles from "./conversations.module.css";
import { TextedBySomebody } from "./sandbox-tools.js";
import { Thread } from "./thread.js";
import { ThreadList } from "./thread-list.js";

/** The view; without an id only the list. */
export default function Conversations({ id }: { id: string }) {
  const compose = (): void => setFilter({ compose: "1" });
  return (
    <div class={styles.talk} data-thread={id !== ""}>
      <div class="head">
        <h1>
          {id === "" ? (
            "Conversations"
          ) : (
            <a href="#/conversations">
              <ChevronLeft aria-hidden="true" size={18} />
              Conversations
            </a>
          )}
        </h1>
        <div class="row">
          {!isLive() && <TextedBySomebody />}
          <button type="button" class="primary" onClick={compose}>
            <MessageSquarePlus aria-hidden="true" size={16} />
            New message
          </button>
        </div>
      </div>
      <div class={styles.panes}>
        <ThreadList chosen={id} onCompose={compose} />
        {id === "" ? (
          <p class={`${styles.pane} ${styles.nothing} muted`}>
            Nothing is open. Choose a conversation, or write a new message.
          </p>
        ) : (
          <Thread key={id} id={id} />
        )}
      </div>
      {filter("compose") !== "" && <Compose onClose={() => setFilter({ compose: "", to: "", from: "" })} />}
    </div>
  );
}
