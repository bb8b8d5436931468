// Texts or calls several people: what they get, who they are and what it costs at most; then what became of each.

import type { Agent, PhoneNumber } from "agentphone-wasm";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { spend } from "../../app/confirm.js";
import { useApi } from "../../data/queries.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Area, Input, Select } from "../../ui/field.js";
import { count, money } from "../../ui/format.js";
import { Empty, Loaded } from "../../ui/states.js";
import { phoneText } from "../../ui/values.js";
import { RATES } from "../calls/turn-times.js";
import { segmentsOf } from "../conversations/segments.js";
import { LONGEST, PRICE } from "../conversations/send.js";
import { type Content, Job } from "./job.js";
import { reaching } from "./open.js";
import type { Person } from "./plan.js";
import { People, Results } from "./results.js";

/** Cents a minute, at most: for an agent whose mode is not known. */
const DEAREST = Math.max(...Object.values(RATES));
const persons = (n: number): string => count(n, "person", "people");

/** The dialog, when it is open; once in each view that opens it. */
export function Reach() {
  const open = reaching.value;
  const [job, begin] = useState<Job | undefined>(undefined);
  const latest = useRef(job);
  latest.current = job;
  // Another view: what is being sent is the last, and nobody finds the form open when they come back.
  useLayoutEffect(
    () => () => {
      latest.current?.stop();
      reaching.value = undefined;
    },
    [],
  );
  if (open === undefined) return null;
  const { way, people } = open;
  const close = (): void => {
    // What is being sent is waited for, so that one sees what became of it.
    if (job?.running.peek() === true) job.stop();
    else {
      begin(undefined);
      reaching.value = undefined;
    }
  };
  const start = async (content: Content, price: string): Promise<void> => {
    const what = way === "text" ? `Text ${persons(people.length)}` : `Call ${persons(people.length)}`;
    if (!(await spend(what, price))) return;
    const next = new Job(people, content);
    begin(next);
    void next.run();
  };
  return (
    <Dialog title={`${way === "text" ? "Text" : "Call"} ${persons(people.length)}`} onClose={close}>
      {job !== undefined ? (
        <Results job={job} close={close} />
      ) : way === "text" ? (
        <TextForm people={people} start={start} />
      ) : (
        <CallForm people={people} start={start} />
      )}
    </Dialog>
  );
}

interface FormProps {
  people: readonly Person[];
  start: (content: Content, price: string) => Promise<void>;
}

function TextForm({ people, start }: FormProps) {
  const found = useApi(["numbers", "senders"], (client, signal) =>
    client.numbers.list({ limit: 100 }, { signal }).then(({ data }) => data),
  );
  return (
    <Loaded from={found} what="your numbers">
      {(numbers) =>
        numbers.length === 0 ? (
          <Empty title="You have no number to send from.">
            <a class="button primary" href="#/numbers?tool=buy">
              Buy a number
            </a>
          </Empty>
        ) : (
          <TextFields people={people} start={start} numbers={numbers} />
        )
      }
    </Loaded>
  );
}

function TextFields({ people, start, numbers }: FormProps & { numbers: readonly PhoneNumber[] }) {
  const [body, setBody] = useState("");
  const { characters, segments } = segmentsOf(body);
  const price = `${money(PRICE * people.length)} at most`;
  return (
    <Form
      submit={(data) => start({ way: "text", numberId: text(data, "number"), body: body.trim() }, price)}
      action={`Send ${count(people.length, "text")}`}
      beside={<Price>{price}</Price>}
    >
      <Select
        label="From"
        name="number"
        field="number_id"
        options={numbers.map(({ id, phoneNumber }) => ({ value: id, label: phoneText(phoneNumber) }))}
      />
      <Area
        label="Message"
        name="body"
        required
        value={body}
        maxLength={LONGEST}
        hint={`Each gets a text of their own. ${count(characters, "letter")}, ${count(segments, "SMS segment")}`}
        onInput={(event) => setBody(event.currentTarget.value)}
      />
      <People people={people} />
    </Form>
  );
}

const canCall = ({ numbers }: Agent): boolean => (numbers ?? []).length > 0;

function CallForm({ people, start }: FormProps) {
  const found = useApi(["agents", "callers"], (client, signal) =>
    client.agents.list({ limit: 100 }, { signal }).then(({ data }) => data.filter(canCall)),
  );
  return (
    <Loaded from={found} what="your agents">
      {(callers) =>
        callers.length === 0 ? (
          <Empty title="No agent of yours has a number yet.">
            <a class="button primary" href="#/agents">
              See your agents
            </a>
          </Empty>
        ) : (
          <CallFields people={people} start={start} callers={callers} />
        )
      }
    </Loaded>
  );
}

function CallFields({ people, start, callers }: FormProps & { callers: readonly Agent[] }) {
  const [agentId, choose] = useState(callers[0]?.id ?? "");
  const rate = RATES[callers.find(({ id }) => id === agentId)?.voiceMode ?? ""] ?? DEAREST;
  const price = `${money(rate)} a minute for each call, ${money(rate * people.length)} a minute while all of them talk`;
  return (
    <Form
      submit={(data) => start({ way: "call", agentId, greeting: text(data, "greeting") }, price)}
      action={`Place ${count(people.length, "call")}`}
      beside={<Price>{price}</Price>}
    >
      <Select
        label="Agent"
        name="agent"
        field="agentId"
        value={agentId}
        options={callers.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Input
        label="First words"
        name="greeting"
        field="initialGreeting"
        placeholder="Optional"
        hint="What the agent says first."
      />
      <People people={people} />
    </Form>
  );
}

const Price = ({ children }: { children: string }) => <span class="muted small">{children}</span>;
