// The conversations with somebody, one for each of one's own numbers. The API cannot be asked for those of a
// person, so that the latest ones are looked through.

import type { ConversationSummary } from "agentphone-wasm";
import { MessageSquarePlus } from "lucide-preact";
import { useApi } from "../../data/queries.js";
import { Loaded } from "../../ui/states.js";
import { phoneText, When } from "../../ui/values.js";

/** How many of the latest are looked through. */
const LOOKED_THROUGH = 500;

/** The card. */
export function Threads({ phone }: { phone: string }) {
  const found = useApi(["conversations", "with", phone], (client, signal) =>
    client.conversations
      .list({ limit: 100 }, { signal })
      .toArray({ limit: LOOKED_THROUGH })
      .then((all) => all.filter((thread) => involves(thread, phone))),
  );
  return (
    <section class="card" aria-labelledby="threads">
      <div class="row between">
        <h2 id="threads">Conversations</h2>
        <a class="button" href={`#/conversations?compose=1&to=${encodeURIComponent(phone)}`}>
          <MessageSquarePlus aria-hidden="true" size={16} />
          Send a text
        </a>
      </div>
      <Loaded from={found} what="conversations">
        {(threads) =>
          threads.length === 0 ? (
            <p class="muted">No conversation yet.</p>
          ) : (
            <ul class="plain-list">
              {threads.map((thread) => (
                <li key={thread.id} class="traffic">
                  <a href={`#/conversations/${thread.id}`}>
                    {thread.isGroup === true ? (thread.groupName ?? "Group") : `With ${phoneText(thread.phoneNumber)}`}
                  </a>
                  <span class="words">{thread.lastMessagePreview || "Attachment"}</span>
                  <span class="muted when">
                    <When at={thread.lastMessageAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

const involves = ({ participant, participants }: ConversationSummary, phone: string): boolean =>
  participant === phone || (participants ?? []).some(({ identifier }) => identifier === phone);
