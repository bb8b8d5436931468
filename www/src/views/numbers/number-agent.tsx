// Who answers a number. It belongs to one agent at most, so that a change is: detach, then attach.

import type { PhoneNumber } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { tell, tellError } from "../../app/notices.js";
import { useAgents } from "../../data/names.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action, Form } from "../../ui/action.js";
import { Select } from "../../ui/field.js";

/** The card. */
export function AgentPart({ number }: { number: PhoneNumber }) {
  const agents = useAgents();
  const now = number.agentId ?? "";
  const others = agents.filter(({ id }) => id !== now);
  const [chosen, choose] = useState("");
  const wanted = others.some(({ id }) => id === chosen) ? chosen : (others[0]?.id ?? "");
  const name = (id: string): string => agents.find((agent) => agent.id === id)?.name ?? id;

  const detach = async (): Promise<void> => {
    await api().agents.numbers.detach(now, number.id);
    await changed();
  };
  const attach = async (): Promise<void> => {
    try {
      if (now !== "") await api().agents.numbers.detach(now, number.id);
      await api().agents.numbers.attach(wanted, { numberId: number.id });
      tell(`${name(wanted)} answers now.`);
    } finally {
      // Also after a failure: it may be with nobody now.
      await changed();
    }
  };
  return (
    <section class="card" aria-labelledby="agent">
      <h2 id="agent">Agent</h2>
      {now === "" ? (
        <p class="muted">No agent: calls to this number are not answered.</p>
      ) : (
        <div class="row between">
          <p>
            <a href={`#/agents/${now}`}>{name(now)}</a> answers calls and texts.
          </p>
          <Action
            run={async () => {
              await detach();
              tell("No agent answers this number now.", () => void attachTo(now, number.id).catch(tellError));
            }}
          >
            Detach
          </Action>
        </div>
      )}
      {agents.length === 0 ? (
        <p>
          <a href="#/agents">Create an agent</a> to answer it.
        </p>
      ) : (
        others.length > 0 && (
          <Form submit={attach} action={now === "" ? "Attach" : "Change"} class="inline">
            <Select
              label={now === "" ? "Attach to" : "Change to"}
              value={wanted}
              options={others.map(({ id, name: label }) => ({ value: id, label }))}
              onChange={(event) => choose(event.currentTarget.value)}
            />
          </Form>
        )
      )}
    </section>
  );
}

async function attachTo(agent: string, numberId: string): Promise<void> {
  await api().agents.numbers.attach(agent, { numberId });
  await changed();
}
