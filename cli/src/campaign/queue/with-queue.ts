// A store whose people are handed out by a queue: what changes the state of a campaign tells the queue too.

import type { CampaignData, QueueingStore } from "../store/store.js";
import type { CampaignState } from "../types.js";
import { type Broker, queueOf, tell } from "./queue.js";

/** What a campaign that comes into a state means for its queue. */
const WORD: Partial<Record<CampaignState, "running" | "paused" | "over">> = {
  running: "running",
  paused: "paused",
  stopped: "over",
  done: "over",
};

export const withQueue = (
  store: CampaignData & Pick<QueueingStore, "take" | "due">,
  broker: Broker,
): QueueingStore => ({
  ...store,
  move: async (id, from, to, reason, now) => {
    const isMoved = await store.move(id, from, to, reason, now);
    const word = WORD[to];
    if (isMoved && word !== undefined) await tell(broker, id, word);
    return isMoved;
  },
  remove: async (id, only) => {
    const before = await store.get(id);
    await store.remove(id, only);
    // A draft has no queue.
    if (before !== undefined && before.state !== "draft" && (await store.get(id)) === undefined)
      await tell(broker, id, "over");
  },
  openQueue: (id, settings) => queueOf(broker, id, settings),
});
