// The button of each step. Each does its thing once, whatever becomes of the response.

import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useIntent } from "../../data/doubts.js";
import { endOf } from "../../data/intent-key.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { ANSWERED } from "./steps.js";

const AGENT = {
  name: "Front desk",
  voiceMode: "hosted",
  systemPrompt: "You answer for a bakery. Be brief and kind.",
  beginMessage: "Hello, this is the bakery. How can I help?",
} as const;

interface ButtonProps {
  once: ReturnType<typeof useOnce>;
  /** As in `It is not known whether … was created`, with the verb. */
  what: string;
  run: () => Promise<unknown>;
  children: ComponentChildren;
}

function StepButton({ once, what, run, children }: ButtonProps) {
  if (once.doubt !== undefined)
    return <DoubtPanel doubt={once.doubt} what={what} back={once.forget} onPlaced={() => void changed()} />;
  return (
    <div class="row">
      <Action class="primary" run={run}>
        {children}
      </Action>
    </div>
  );
}

export function CreateAgent({ done }: { done: () => Promise<void> }) {
  const once = useOnce();
  const run = async (): Promise<void> => {
    const made = await once.run({
      operation: "agents.create",
      same: AGENT.name,
      note: `“${AGENT.name}”`,
      content: AGENT,
      send: (options) => api().agents.create(AGENT, options),
    });
    if (made !== undefined) await done();
  };
  return (
    <StepButton once={once} what="an agent was created" run={run}>
      Create the agent
    </StepButton>
  );
}

export function BuyNumber({ agentId, done }: { agentId: string; done: () => Promise<void> }) {
  const once = useOnce();
  const content = { country: "US", agentId };
  const run = async (): Promise<void> => {
    const bought = await once.run({
      operation: "numbers.buy",
      note: "in US",
      content,
      send: (options) => api().numbers.buy(content, options),
    });
    if (bought !== undefined) await done();
  };
  return (
    <StepButton once={once} what="a number was bought" run={run}>
      Buy a number
    </StepButton>
  );
}

/** `done` gets the id of the call, also of one whose response was lost. */
export function PlaceCall({ agentId, done }: { agentId: string; done: (callId: string) => void }) {
  const once = useOnce();
  const content = { agentId, toNumber: ANSWERED };
  const run = async (): Promise<void> => {
    const placed = await once.run({
      operation: "calls.create",
      same: ANSWERED,
      note: `to ${endOf(ANSWERED)}`,
      content,
      send: (options) => api().calls.create(content, options),
    });
    if (placed === undefined) return;
    done(placed.data.id);
    await changed("calls");
  };
  return (
    <>
      {once.doubt !== undefined && <Found name={once.doubt.key} done={done} />}
      <StepButton once={once} what="the call was placed" run={run}>
        Call it
      </StepButton>
    </>
  );
}

/** Goes on as soon as the call is found whose response was lost. */
function Found({ name, done }: { name: string; done: (callId: string) => void }) {
  const { data: intent } = useIntent(name, false);
  const id = intent?.state === "placed" ? intent.id : undefined;
  useLayoutEffect(() => {
    if (id !== undefined) done(id);
  }, [id]);
  return null;
}
