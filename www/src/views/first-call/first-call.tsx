// A first call, step by step: an agent, its number, the call, and what is said in it. Only in a sandbox, where the number
// that is called is always answered and nothing costs money.

import { type Agent, AgentPhoneError, type Call } from "agentphone-wasm";
import { Check } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { changed, useApi } from "../../data/queries.js";
import { Loaded } from "../../ui/states.js";
import { phoneText } from "../../ui/values.js";
import { BuyNumber, CreateAgent, PlaceCall } from "./actions.js";
import styles from "./first-call.module.css";
import { Listen } from "./listen.js";
import { ANSWERED, callerOf, placeOf, STEPS, type Step, stepOf } from "./steps.js";

const KEPT_AS = "agentphone-first-call";
const EVERY = 2000;

/** The view. */
export default function FirstCall(_: { id: string }) {
  const [callId, setCall] = useState(() => sessionStorage.getItem(KEPT_AS) ?? "");
  const keep = (id: string): void => {
    setCall(id);
    if (id === "") sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, id);
  };
  const state = useApi(
    ["first-call", callId],
    async (client, signal) => {
      const [agents, call] = await Promise.all([
        client.agents.list({ limit: 100 }, { signal }).then(({ data }) => data),
        // One that the sandbox has forgotten has to be placed again.
        callId === "" ? null : client.calls.get(callId, { signal }).catch(unlessForgotten),
      ]);
      return { agents, call };
    },
    { every: (now) => (now !== undefined && stepOf(now) === "done" ? false : EVERY) },
  );
  return (
    <div class={styles.guide}>
      <div class="head">
        <h1>Your first call</h1>
        <a class="button" href="#/">
          Leave
        </a>
      </div>
      <p class={`${styles.lead} muted`}>
        Four steps in this sandbox: no phone rings and nothing costs money. Leave whenever you like; it goes on where
        you were.
      </p>
      <Loaded from={state} what="how far you are">
        {({ agents, call }) => <Steps agents={agents} call={call} keep={keep} />}
      </Loaded>
    </div>
  );
}

function unlessForgotten(error: unknown): null {
  if (AgentPhoneError.is(error) && error.status === 404) return null;
  throw error;
}

interface StepsProps {
  agents: readonly Agent[];
  call: Call | null;
  keep: (callId: string) => void;
}

function Steps({ agents, call, keep }: StepsProps) {
  const next = stepOf({ agents, call });
  const caller = callerOf(agents) as Agent | undefined;
  const number = caller?.numbers?.[0]?.phoneNumber;
  const again = (): Promise<void> => changed();
  const parts: Record<Exclude<Step, "done">, Part> = {
    agent: {
      title: "Create an agent",
      about: "It talks for you. This one answers for a bakery, from a prompt that you can change at any time.",
      done: caller?.name,
      action: <CreateAgent done={again} />,
    },
    number: {
      title: "Buy it a number",
      about: "People see this number when the agent calls, and reach the agent there. $3 a month, simulated here.",
      done: number && phoneText(number),
      action: caller && <BuyNumber agentId={caller.id} done={again} />,
    },
    call: {
      title: "Place a call",
      about: `${phoneText(ANSWERED)} is a magic number of the sandbox: somebody always answers and follows a short script.`,
      done: call === null ? undefined : `Called ${phoneText(call.toNumber)}`,
      action: caller && <PlaceCall agentId={caller.id} done={keep} />,
    },
    listen: {
      title: "Follow what is said",
      about: "The words appear here while they are spoken, as your code would receive them.",
      done: undefined,
      action: undefined,
    },
  };
  return (
    <>
      <ol class={styles.steps}>
        {STEPS.map((step) => (
          <StepCard key={step} part={parts[step]} place={placeOf(step, next)}>
            {step === "listen" && call !== null && <Listen key={call.id} call={call} agent={caller?.name ?? "Agent"} />}
          </StepCard>
        ))}
      </ol>
      {next === "done" && <Done again={() => keep("")} />}
    </>
  );
}

interface Part {
  title: string;
  about: string;
  /** What came of it. */
  done: string | undefined;
  action: ComponentChildren;
}

interface StepCardProps {
  part: Part;
  place: ReturnType<typeof placeOf>;
  children: ComponentChildren;
}

function StepCard({ part: { title, about, done, action }, place, children }: StepCardProps) {
  return (
    <li class={`card ${styles[place]}`} aria-current={place === "now" ? "step" : undefined}>
      <span class={styles.mark}>{place === "done" && <Check aria-label="Done:" size={16} />}</span>
      <div class={styles.body}>
        <h2>{title}</h2>
        {place === "done" && done !== undefined ? (
          <p class="muted">{done}</p>
        ) : (
          <p class={place === "now" ? "" : "muted"}>{about}</p>
        )}
        {place === "now" && action}
        {children}
      </div>
    </li>
  );
}

/** Where to go from here. */
function Done({ again }: { again: () => void }) {
  return (
    <section class="card" aria-label="What next">
      <h2>That was your first call</h2>
      <p>From here: let your code hear of each call, break something on purpose, or call a whole list.</p>
      <div class="row">
        <a class="button" href="#/webhooks">
          Set a webhook
        </a>
        <a class="button" href="#/lab">
          Open the fault lab
        </a>
        <a class="button" href="#/campaigns">
          See campaigns
        </a>
        <button type="button" class="link" onClick={again}>
          Place another one
        </button>
      </div>
    </section>
  );
}
