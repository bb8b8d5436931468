// The form of a call: who calls, whom, and what it costs. Where nothing is set up yet it makes an agent with a number
// first, so that a first call needs no set-up.

import type { Agent } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { endOf } from "../data/intent-key.js";
import { useOnce } from "../data/once.js";
import { changed, useApi } from "../data/queries.js";
import { api, isLive } from "../session/session.js";
import { Form, text } from "../ui/action.js";
import { DoubtPanel } from "../ui/doubt-panel.js";
import { Input, Select } from "../ui/field.js";
import { money } from "../ui/format.js";
import { Loaded } from "../ui/states.js";
import { e164, phoneText } from "../ui/values.js";
import { spend } from "./confirm.js";
import { go } from "./location.js";
import { tell } from "./notices.js";

/** What the form begins with. */
export interface Start {
  to?: string;
  agentId?: string;
}

/** A number that exists in no network; the sandbox's people answer at all of them. */
const SOMEBODY = "+14155550100";
const STEP_BY_STEP = "#/first-call";
/** Made where nothing is set up yet. */
const FIRST = {
  name: "Front desk",
  voiceMode: "hosted",
  systemPrompt: "You answer for a bakery. Be brief and kind.",
} as const;

interface PlaceCallProps {
  start: Start;
  done: () => void;
}

/** The form, once it is known who can call. */
export default function PlaceCall({ start, done }: PlaceCallProps) {
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

function CallForm({ callers, start, done }: { callers: readonly Agent[]; start: Start; done: () => void }) {
  const wanted = callers.find(({ id }) => id === start.agentId) ?? callers[0];
  const [chosen, choose] = useState(wanted?.id ?? "");
  // As it reads now: it must not change under the hands of whoever types.
  const [began] = useState(() => phoneText(start.to ?? (isLive() ? "" : SOMEBODY)));
  const once = useOnce();
  const [whom, callTo] = useState("");
  const price = minute(callers.find(({ id }) => id === chosen));

  const submit = async (data: FormData): Promise<void> => {
    const to = await e164(text(data, "to"));
    const greeting = text(data, "greeting");
    if (!(await spend(`Call ${phoneText(to)}`, price))) return;
    callTo(phoneText(to));
    const agentId = chosen || wanted?.id || (await firstCaller(once));
    if (agentId === undefined) return;
    const content = { agentId, toNumber: to, ...(greeting === "" ? {} : { initialGreeting: greeting }) };
    const call = await once.run({
      operation: "calls.create",
      // Whatever else differs, the same phone would ring.
      same: to,
      note: `to ${endOf(to)}`,
      content,
      send: (options) => api().calls.create(content, options),
    });
    if (call !== undefined) {
      done();
      go(`/calls/${call.data.id}`);
      tell(`Calling ${phoneText(to)}.`);
    }
    await changed();
  };
  if (once.doubt !== undefined)
    return (
      <DoubtPanel
        doubt={once.doubt}
        what={whatOf(once.doubt.operation, whom)}
        close={done}
        back={once.forget}
        {...(once.doubt.operation === "calls.create" ? { backTo: "Call another number" } : {})}
      />
    );
  const none = callers.length === 0;
  return (
    <Form
      submit={submit}
      action={none ? "Set up and call" : "Call"}
      beside={isLive() && <span class="muted small">It costs {price}.</span>}
    >
      {none ? (
        <p>
          {isLive() ? (
            "No agent of yours has a number yet. Create an agent and buy it a number first."
          ) : (
            <>
              An agent with a number is created first, at a simulated cost.{" "}
              <a href={STEP_BY_STEP} onClick={done}>
                Go step by step instead
              </a>
            </>
          )}
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
        field="toNumber"
        type="tel"
        required
        defaultValue={began}
        hint={
          isLive()
            ? "US and Canada."
            : "Any number is answered. +1 500 555 0001 is busy, +1 500 555 0005 talks for an hour."
        }
      />
      <Input
        label="First words"
        name="greeting"
        field="initialGreeting"
        placeholder="Optional"
        hint="What the agent says first."
      />
    </Form>
  );
}

/** What is not known, when calling somebody needed more than a call. */
function whatOf(operation: string, whom: string): string {
  if (operation === "agents.create") return "an agent was created";
  return operation === "numbers.buy" ? "a number was bought" : `${whom} was called`;
}

/** What a minute costs, by who speaks for the agent: the user's own server or the built-in model. */
function minute(agent: Agent | undefined): string {
  if (agent === undefined) return "a price for each minute";
  return `${money(agent.voiceMode === "hosted" ? 22 : 13)} a minute`;
}

/**
 * An agent with a number, made for the first call; undefined where it is in doubt whether one was made. On a real
 * account one is told to do that oneself.
 */
async function firstCaller(once: ReturnType<typeof useOnce>): Promise<string | undefined> {
  if (isLive()) throw new Error("Create an agent and buy it a number first, under Agents and Numbers.");
  const { data } = await api().agents.list({ limit: 1 });
  const agent =
    data[0] ??
    (
      await once.run({
        operation: "agents.create",
        same: FIRST.name,
        note: `“${FIRST.name}”`,
        content: FIRST,
        send: (options) => api().agents.create(FIRST, options),
      })
    )?.data;
  if (agent === undefined) return undefined;
  const content = { country: "US", agentId: agent.id };
  const bought = await once.run({
    operation: "numbers.buy",
    note: "in US",
    content,
    send: (options) => api().numbers.buy(content, options),
  });
  await changed("agents");
  return bought && agent.id;
}
