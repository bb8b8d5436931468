// The numbers of an agent: it calls with them and answers them.

import type { Agent, AgentNumber } from "agentphone-wasm";
import { Unlink } from "lucide-preact";
import { confirm } from "../../app/confirm.js";
import { tell, tellError } from "../../app/notices.js";
import { changed, useApi } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { Select } from "../../ui/field.js";
import { Phone, phoneText } from "../../ui/values.js";

/** As many as are looked through for free ones. */
const MOST = 500;
const again = (): Promise<unknown> => Promise.all([changed("agents"), changed("numbers")]);

/** The card. */
export function AgentNumbers({ agent }: { agent: Agent }) {
  const numbers = agent.numbers ?? [];
  const free = useApi(["numbers", "free"], async (client, signal) => {
    const all = await client.numbers.list({ limit: 100 }, { signal }).toArray({ limit: MOST });
    return all.filter(({ agentId, status }) => (agentId ?? null) === null && status === "active");
  });
  return (
    <section class="card">
      <h2>Numbers</h2>
      {numbers.length === 0 ? (
        <p class="muted">It has no number yet: it can neither call nor be called.</p>
      ) : (
        <ul class="plain-list" aria-label="Its numbers">
          {numbers.map((number) => (
            <li key={number.id} class="row between">
              <a href={`#/numbers/${number.id}`}>
                <Phone value={number.phoneNumber} />
              </a>
              <Action class="icon" label={`Detach ${phoneText(number.phoneNumber)}`} run={() => detach(agent, number)}>
                <Unlink aria-hidden="true" size={16} />
              </Action>
            </li>
          ))}
        </ul>
      )}
      {(free.data ?? []).length > 0 ? (
        <Form
          action="Attach"
          submit={async (data) => {
            const numberId = text(data, "number");
            const { number } = await api().agents.numbers.attach(agent.id, { numberId });
            tell(`${agent.name} now has ${phoneText(number.phoneNumber)}.`);
            await again();
          }}
        >
          <Select
            label="A free number"
            name="number"
            options={(free.data ?? []).map(({ id, phoneNumber }) => ({ value: id, label: phoneText(phoneNumber) }))}
          />
        </Form>
      ) : (
        free.data && (
          <p class="muted small">
            No number is free. <a href="#/numbers">Buy one</a>
          </p>
        )
      )}
    </section>
  );
}

async function detach(agent: Agent, number: AgentNumber): Promise<void> {
  const shown = phoneText(number.phoneNumber);
  const yes = await confirm({
    title: `Detach ${shown}?`,
    body: (
      <p>{agent.name} no longer calls with it nor answers it. The number stays in the account and is still paid for.</p>
    ),
    action: `Detach ${shown}`,
    danger: true,
  });
  if (!yes) return;
  await api().agents.numbers.detach(agent.id, number.id);
  tell(`${shown} is free.`, () => void attachAgain(agent, number).catch(tellError));
  await again();
}

async function attachAgain(agent: Agent, number: AgentNumber): Promise<void> {
  await api().agents.numbers.attach(agent.id, { numberId: number.id });
  await again();
}
