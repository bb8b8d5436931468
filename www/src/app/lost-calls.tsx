// Calls whose request was sent and whose response was lost: each may have been placed. The console remembers them,
// offers no second call to the same number without a worded confirmation, and shows where the first one would be.

import { signal } from "@preact/signals";
import type { CallSummary } from "agentphone-wasm";
import { useApi } from "../data/queries.js";
import { account } from "../session/session.js";
import { Action } from "../ui/action.js";
import { clock } from "../ui/format.js";
import { Loaded } from "../ui/states.js";
import { phoneText, Status, When } from "../ui/values.js";
import { confirm } from "./confirm.js";

/** A call that may have been placed. */
export interface LostCall {
  /** In E.164 form. */
  to: string;
  /** When the first attempt began, in milliseconds. */
  since: number;
  /** The sub-account that it was placed in. */
  account: string | null;
}

/** The API's clock may be behind this machine's. */
const SKEW = 60_000;
const LOOK_EVERY = 2000;
const SHOWN = 5;

/** Kept while the page is open: closing the dialog does not tell whether the phone rang. */
const lost = signal<readonly LostCall[]>([]);

const same =
  (to: string) =>
  (call: LostCall): boolean =>
    call.to === to && call.account === account.peek();

/** The attempt to call `to` whose outcome is unknown, if there is one. */
export const lostCall = (to: string): LostCall | undefined => lost.value.find(same(to));

/** The latest attempt of this account whose outcome is unknown. */
export const latestLost = (): LostCall | undefined =>
  lost.value.filter((call) => call.account === account.value).at(-1);

/** Remembers that the outcome of a call is unknown. A second loss keeps the time of the first. */
export function lose(to: string, since: number): LostCall {
  const call = { to, since: lostCall(to)?.since ?? since, account: account.peek() };
  forget(to);
  lost.value = [...lost.peek(), call];
  return call;
}

/** Forgets it: what became of it has been seen, or another call was placed on purpose. */
export function forget(to: string): void {
  const matches = same(to);
  lost.value = lost.peek().filter((call) => !matches(call));
}

/** Asks before a number is called a second time. */
export const confirmSecondCall = ({ to, since }: LostCall): Promise<boolean> =>
  confirm({
    title: `Call ${phoneText(to)} a second time?`,
    body: (
      <p>
        The call at {clock(new Date(since))} may have been placed. If it was, the same person is called twice, and you
        pay for both calls.
      </p>
    ),
    action: "Place a second call",
    danger: true,
  });

/** Where the call would be, and what can be done. */
export function LostCallPanel({
  call,
  again,
  other,
  close,
}: {
  call: LostCall;
  /** Asks, then places it again. */
  again: () => Promise<void>;
  /** Back to the form, for another number. */
  other: () => void;
  close: () => void;
}) {
  const from = call.since - SKEW;
  const found = useApi(
    ["calls", "lost", call.to, call.since],
    (client, signal) =>
      client.calls
        .list({ search: call.to, direction: "outbound", limit: 20 }, { signal })
        .then(({ data }) =>
          data.filter(({ toNumber, startedAt }) => toNumber === call.to && Date.parse(startedAt) >= from),
        ),
    { every: LOOK_EVERY },
  );
  return (
    <div class="stack">
      <div class="problem unsure" role="alert">
        <p>
          <strong>It is not known whether {phoneText(call.to)} was called.</strong>
        </p>
        <p>The response was lost, so the call may have been placed. Look before you call again.</p>
      </div>
      <section aria-labelledby="lost-calls" class="stack">
        <h3 id="lost-calls">Calls to this number since {clock(new Date(from))}</h3>
        <div role="status">
          <Loaded from={found} what="the calls to this number">
            {(calls) => <Candidates calls={calls} call={call} close={close} />}
          </Loaded>
        </div>
      </section>
      <div class="row">
        <a class="button primary" href={`#/calls?search=${encodeURIComponent(call.to)}`} onClick={close}>
          Look at the calls
        </a>
        <button type="button" onClick={other}>
          Call another number
        </button>
        <Action class="danger" run={again}>
          Call again anyway…
        </Action>
      </div>
    </div>
  );
}

function Candidates({ calls, call, close }: { calls: readonly CallSummary[]; call: LostCall; close: () => void }) {
  if (calls.length === 0)
    return <p class="muted">None so far. This list is refreshed every {LOOK_EVERY / 1000} seconds.</p>;
  const open = (): void => {
    forget(call.to);
    close();
  };
  return (
    <ul class="plain-list">
      {calls.slice(0, SHOWN).map(({ id, status, startedAt }) => (
        <li key={id} class="row">
          <a href={`#/calls/${encodeURIComponent(id)}`} onClick={open}>
            Open the call
          </a>
          <Status value={status} />
          <When at={startedAt} />
        </li>
      ))}
    </ul>
  );
}
