// What is done with an event, whatever server it came in by. The other files of this folder each show
// one server; all of them hand their events to `once`.
import { webhooks } from "agentphone-wasm/webhooks";

/** Ids of the events that were worked on. A real program would write to its database. */
export const inbox = [];

/** What the caller hears, as it is thought up: a model's stream goes here. */
async function* reply(said) {
  yield "One moment. ";
  yield said === "" ? "I did not hear you." : `You said: ${said}.`;
}

/** Works on an event. Gives the answer for a caller who waits on the phone, else nothing. */
const handle = async (event) => {
  switch (event.event) {
    case "agent.message":
      if (event.channel === "voice") return reply(event.data.transcript);
      inbox.push(event.delivery.id);
      return undefined;
    case "agent.reaction":
    case "agent.call_ended":
      inbox.push(event.delivery.id);
      return undefined;
    default:
      return undefined; // A later version of the API may send more.
  }
};

const seen = webhooks.deduplicate();

/** Works on an event once, however often it is delivered. If that fails, the next delivery is worked on. */
export const once = async (event) => {
  if (await seen(event)) return undefined;
  try {
    return await handle(event);
  } catch (error) {
    await seen.release(event);
    throw error;
  }
};
