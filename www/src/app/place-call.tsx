// Placing a call from anywhere: who calls, whom, and what it costs. Where nothing is set up yet it makes an
// agent with a number first, so that a first call needs no set-up.

import { signal } from "@preact/signals";
import type { Agent, AgentPhone } from "agentphone-wasm";
import { useRef, useState } from "preact/hooks";
import { changed, useApi } from "../data/queries.js";
import { api, isLive } from "../session/session.js";
import { Form, text } from "../ui/action.js";
import { Dialog } from "../ui/dialog.js";
import { Input, Select } from "../ui/field.js";
import { money } from "../ui/format.js";
import { Loaded } from "../ui/states.js";
import { e164, phoneText } from "../ui/values.js";
import { sureAgain, unsure } from "./again.js";
import { spend } from "./confirm.js";
import { go } from "./location.js";
import { confirmSecondCall, forget, type LostCall, LostCallPanel, latestLost, lose, lostCall } from "./lost-calls.js";
import { tell } from "./notices.js";

/** What the form begins with. */
interface Start {
  to?: string;
  agentId?: string;
}

const open = signal<Start | undefined>(undefined);
/** A number that exists in no network; the sandbox's people answer at all of them. */
const SOMEBODY = "+14155550100";

/** Opens the form. */
export function openPlaceCall(start: Start = {}): void {
  open.value = start;
}

/** The form, when it is open; once in the page. */
export function PlaceCallDialog() {
  if (open.value === undefined) return null;
  const close = (): void => (open.value = undefined);
  return (
    <Dialog title="Place a call" onClose={close}>
      <PlaceCall start={open.value} done={close} />
    </Dialog>
  );
}

function PlaceCall({ start, done }: { start: Start; done: () => void }) {
  const agents = useApi(["agents", "callers"], (client, signal) =>
    client.agents.list({ limit: 100 }, { signal }).then(({ data }) => data.filter(canCall)),
  );
  return (
    <Loaded from={agents} what="your agents">
      {(callers) => <CallForm callers={callers} start={start} done={done} />}
    </Loaded>
  );
}

const canCall = ({ numbers }: Agent): boolean => (numbers ?? []).length > 0;

/** What is known of a call before it is placed. */
interface Wanted {
  to: string;
  greeting: string;
}

function CallForm({ callers, start, done }: { callers: readonly Agent[]; start: Start; done: () => void }) {
  const wanted = callers.find(({ id }) => id === start.agentId) ?? callers[0];
  const [chosen, choose] = useState(wanted?.id ?? "");
  const [doubtful, doubt] = useState<LostCall | undefined>(() => latestLost());
  const filled = useRef<Wanted | undefined>(undefined);
  /** How setting up failed, which buys a number. */
  const setUp = useRef<unknown>(undefined);
  const price = minute(callers.find(({ id }) => id === chosen));

  const agentToCall = async (): Promise<string | undefined> => {
    if (chosen !== "") return chosen;
    if (!(await sureAgain(setUp.current, "Set up an agent with a number again", "Look at Agents and Numbers first.")))
      return undefined;
    try {
      return await firstCaller(api());
    } catch (error) {
      setUp.current = error;
      throw error;
    }
  };
  const place = async ({ to, greeting }: Wanted): Promise<void> => {
    if (!(await spend(`Call ${phoneText(to)}`, price))) return;
    const agentId = await agentToCall();
    if (agentId === undefined) return;
    const since = Date.now();
    try {
      const call = await api().calls.create({
        agentId,
        toNumber: to,
        ...(greeting === "" ? {} : { initialGreeting: greeting }),
      });
      forget(to);
      done();
      go(`/calls/${call.id}`);
      tell(`Calling ${phoneText(to)}.`);
    } catch (error) {
      if (!unsure(error)) throw error;
      doubt(lose(to, since));
    }
    await changed();
  };
  const submit = async (data: FormData): Promise<void> => {
    const to = await e164(text(data, "to"));
    filled.current = { to, greeting: text(data, "greeting") };
    const before = lostCall(to);
    if (before === undefined) await place(filled.current);
    else doubt(before);
  };
  if (doubtful !== undefined) {
    const again = async (): Promise<void> => {
      if (!(await confirmSecondCall(doubtful))) return;
      const greeting = filled.current?.to === doubtful.to ? filled.current.greeting : "";
      await place({ to: doubtful.to, greeting });
    };
    return <LostCallPanel call={doubtful} again={again} other={() => doubt(undefined)} close={done} />;
  }
  const none = callers.length === 0;
  return (
    <Form
      submit={submit}
      action={none ? "Set up and call" : "Call"}
      beside={isLive() && <span class="muted small">It costs {price}.</span>}
    >
      {none ? (
        <p>
          {isLive()
            ? "No agent of yours has a number yet. Create an agent and buy it a number first."
            : "An agent with a number is created first, at a simulated cost."}
        </p>
      ) : (
        <Select
          label="Agent"
          name="agent"
          value={chosen}
          onChange={(event) => choose(event.currentTarget.value)}
          options={callers.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Input
        label="To"
        name="to"
        type="tel"
        required
        defaultValue={phoneText(start.to ?? (isLive() ? "" : SOMEBODY))}
        hint={
          isLive()
            ? "US and Canada."
            : "Any number is answered. +1 500 555 0001 is busy, +1 500 555 0005 talks for an hour."
        }
      />
      <Input label="First words" name="greeting" placeholder="Optional" hint="What the agent says first." />
    </Form>
  );
}

/** What a minute costs, by who speaks for the agent: the user's own server or the built-in model. */
function minute(agent: Agent | undefined): string {
  if (agent === undefined) return "a price for each minute";
  return `${money(agent.voiceMode === "hosted" ? 22 : 13)} a minute`;
}

/** An agent with a number, made for the first call. On a real account one is told to do that oneself. */
async function firstCaller(client: AgentPhone): Promise<string> {
  if (isLive()) throw new Error("Create an agent and buy it a number first, under Agents and Numbers.");
  const { data } = await client.agents.list({ limit: 1 });
  const agent =
    data[0] ??
    (await client.agents.create({
      name: "Front desk",
      voiceMode: "hosted",
      systemPrompt: "You answer for a bakery. Be brief and kind.",
    }));
  await client.numbers.buy({ country: "US", agentId: agent.id });
  return agent.id;
}
