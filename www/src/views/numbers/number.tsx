// One number: what it can do, who answers it, what people see of it, and what went through it lately.

import type { PhoneNumber } from "agentphone-wasm";
import { MessageSquarePlus, Pencil, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useTitle } from "../../app/title.js";
import { changed, useApi } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { Loaded, unlessGone } from "../../ui/states.js";
import { Up } from "../../ui/up.js";
import { Copyable, phoneText, Status, When } from "../../ui/values.js";
import { ContactCardPart } from "./contact-card.js";
import { EditNumber } from "./edit.js";
import { Features } from "./features.js";
import { AgentPart } from "./number-agent.js";
import styles from "./numbers.module.css";
import { LatestCalls, LatestTexts } from "./traffic.js";

/** The view. */
export default function NumberView({ id }: { id: string }) {
  const found = unlessGone(
    useApi(["numbers", id], (client, signal) => client.numbers.get(id, { signal }), { every: 5000 }),
  );
  useTitle(found.data && phoneText(found.data.phoneNumber));
  return (
    <>
      <Up to="#/numbers">All numbers</Up>
      <div class="head">
        <h1>{found.data === undefined ? "Number" : phoneText(found.data.phoneNumber)}</h1>
        {found.data?.status === "active" && <Doings number={found.data} />}
      </div>
      <Loaded from={found} what="this number" kind="number" list="/numbers">
        {(number) => <Whole number={number} />}
      </Loaded>
    </>
  );
}

function Doings({ number }: { number: PhoneNumber }) {
  return (
    <div class="row">
      <Action class="danger" run={() => release(number)}>
        <Trash2 aria-hidden="true" size={16} />
        Release
      </Action>
      <a class="button primary" href={`#/conversations?compose=1&from=${encodeURIComponent(number.id)}`}>
        <MessageSquarePlus aria-hidden="true" size={16} />
        Send a text
      </a>
    </div>
  );
}

/** Gives the number back, once somebody has read which one and that it is for good. */
async function release({ id, phoneNumber }: PhoneNumber): Promise<void> {
  const shown = phoneText(phoneNumber);
  const yes = await confirm({
    title: `Release ${shown}?`,
    body: (
      <p>
        <strong>{shown}</strong> goes back for good: somebody else may get it, and it cannot be taken back. Calls and
        texts to it no longer reach you. What was said and written stays readable.
      </p>
    ),
    action: `Release ${shown}`,
    danger: true,
  });
  if (!yes) return;
  await api().numbers.release(id);
  go("/numbers");
  tell(`${shown} was released.`);
  await changed();
}

function Whole({ number }: { number: PhoneNumber }) {
  const active = number.status === "active";
  return (
    <div class="stack">
      {!active && <p class="note">This number was released. What went through it can still be read.</p>}
      <div class="cards">
        <Details number={number} active={active} />
        <div class="stack">
          {active && <AgentPart number={number} />}
          <ContactCardPart number={number} />
        </div>
      </div>
      <div class="cards">
        <LatestCalls id={number.id} />
        <LatestTexts id={number.id} />
      </div>
    </div>
  );
}

function Details({ number, active }: { number: PhoneNumber; active: boolean }) {
  const [editing, edit] = useState(false);
  return (
    <section class="card" aria-labelledby="details">
      <div class="row between">
        <h2 id="details">Details</h2>
        {active && (
          <button type="button" onClick={() => edit(true)}>
            <Pencil aria-hidden="true" size={16} />
            Edit
          </button>
        )}
      </div>
      <dl class="terms">
        <dt>Status</dt>
        <dd>
          <Status value={number.status} />
        </dd>
        <dt>Can do</dt>
        <dd>
          <Features of={number} />
          {number.outboundSms === "registration_required" && (
            <>
              {" "}
              <a href="#/registration">Register</a>
            </>
          )}
        </dd>
        <NewContacts of={number} />
        <dt>Read receipts</dt>
        <dd>{number.readReceiptsEnabled === true ? "Sent" : "Not sent"}</dd>
        <dt>Country</dt>
        <dd>{number.country}</dd>
        <dt>E.164</dt>
        <dd>
          <Copyable value={number.phoneNumber} label="the number" />
        </dd>
        <dt>Id</dt>
        <dd>
          <Copyable value={number.id} label="the id" />
        </dd>
        <dt>Tag</dt>
        <dd>{number.externalId ?? <span class="muted">None</span>}</dd>
        <dt>Bought</dt>
        <dd>
          <When at={number.purchasedAt ?? number.createdAt} />
        </dd>
        <dt>Released</dt>
        <dd>{number.expiresAt ? <When at={number.expiresAt} /> : <span class="muted">Not scheduled</span>}</dd>
      </dl>
      {editing && <EditNumber number={number} onClose={() => edit(false)} />}
    </section>
  );
}

/** The day's allowance of people who are written to first; only some lines have one. */
function NewContacts({ of: { dailyNewContacts } }: { of: PhoneNumber }) {
  if (!dailyNewContacts) return null;
  const { used = 0, limit = 0 } = dailyNewContacts;
  return (
    <>
      <dt>New people today</dt>
      <dd>
        <meter
          class={styles.allowance}
          aria-label="New people today"
          min={0}
          max={Math.max(limit, 1)}
          high={limit * 0.8}
          optimum={0}
          value={used}
        />{" "}
        {used} of {limit}
      </dd>
    </>
  );
}
