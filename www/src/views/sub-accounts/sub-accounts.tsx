// The sub-accounts: apart from each other in all but the wallet. One acts in one of them or in the account itself.

import { Pencil, Plus, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { filter, setFilter } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { changed } from "../../data/queries.js";
import {
  actIn,
  type KnownSubAccount as Known,
  MOST_SUB_ACCOUNTS,
  nameOf,
  useSubAccounts,
} from "../../data/sub-accounts.js";
import { account, masterApi } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { Input } from "../../ui/field.js";
import { count } from "../../ui/format.js";
import { Empty, Loaded } from "../../ui/states.js";
import { type Column, Table } from "../../ui/table.js";
import { Status, Tag, When } from "../../ui/values.js";
import { NameDialog } from "./name-dialog.js";
import styles from "./sub-accounts.module.css";

export default function SubAccounts(_: { id: string }) {
  const subs = useSubAccounts();
  const [dialog, open] = useState<Known | "new" | undefined>(undefined);
  const sought = filter("q").toLowerCase();
  const columns: readonly Column<Known>[] = [
    {
      title: "Name",
      cell: (sub) => (
        <span class="row tight nowrap">
          <bdi class={`cut ${styles.name}`}>{nameOf(sub)}</bdi>
          {account.value === sub.id && (
            // Where there is little room the button beside says it.
            <span class="wide">
              <Tag tone="live">You are in it</Tag>
            </span>
          )}
        </span>
      ),
    },
    { title: "Status", wide: true, cell: ({ status }) => <Status value={status} /> },
    { title: "Created", wide: true, cell: ({ createdAt }) => <When at={createdAt} /> },
    { title: "What you can do", cell: (sub) => <Doings sub={sub} rename={() => open(sub)} /> },
  ];
  const newButton = (
    <button type="button" class="primary" onClick={() => open("new")}>
      <Plus aria-hidden="true" size={16} />
      New sub-account
    </button>
  );
  return (
    <>
      <div class="head">
        <h1>Sub-accounts</h1>
        {newButton}
      </div>
      <p class="lead muted">
        Each has agents, numbers, calls and webhooks of its own; the wallet is shared. Act in one, and the whole console
        shows what is in it.
      </p>
      <Loaded from={subs} what="the sub-accounts">
        {(all) => {
          const fitting = all.filter((sub) => nameOf(sub).toLowerCase().includes(sought));
          if (all.length === 0)
            return (
              <Empty title="No sub-accounts yet.">
                <p>Make one for each customer or branch whose agents and numbers shall stay apart.</p>
                {newButton}
              </Empty>
            );
          return (
            <>
              <div class={`filters ${styles.filters}`}>
                <Input
                  label="Search"
                  type="search"
                  value={filter("q")}
                  placeholder="Name"
                  onInput={(event) => setFilter({ q: event.currentTarget.value })}
                />
              </div>
              {fitting.length === 0 ? (
                <Empty title="No sub-account fits.">
                  <button type="button" onClick={() => setFilter({ q: "" })}>
                    Show all
                  </button>
                </Empty>
              ) : (
                <Table label="Sub-accounts" columns={columns} items={fitting} id={({ id }) => id} />
              )}
              <p class="muted small table-foot">
                {sought === ""
                  ? count(all.length, "sub-account")
                  : `${fitting.length} of ${count(all.length, "sub-account")}`}
                , {MOST_SUB_ACCOUNTS} at most
              </p>
            </>
          );
        }}
      </Loaded>
      {dialog !== undefined && <NameDialog sub={dialog === "new" ? undefined : dialog} close={() => open(undefined)} />}
    </>
  );
}

function Doings({ sub, rename }: { sub: Known; rename: () => void }) {
  const name = nameOf(sub);
  const inside = account.value === sub.id;
  return (
    <span class="row tight nowrap">
      <button
        type="button"
        aria-label={`${inside ? "Exit" : "Switch to"}: ${name}`}
        onClick={() => {
          void actIn(inside ? null : sub.id).then((done) => {
            if (done) tell(inside ? "You act in the main account again." : `You act in ${name} now.`);
          });
        }}
      >
        {inside ? "Exit" : "Switch to"}
      </button>
      <button type="button" class="icon" aria-label={`Rename ${name}`} onClick={rename}>
        <Pencil aria-hidden="true" size={16} />
      </button>
      <Action class="icon" label={`Delete ${name}`} run={() => remove(sub)}>
        <Trash2 aria-hidden="true" size={16} />
      </Action>
    </span>
  );
}

async function remove(sub: Known): Promise<void> {
  const name = nameOf(sub);
  const yes = await confirm({
    title: `Delete ${name}?`,
    body: (
      <p>
        Its agents, numbers, calls, conversations and webhooks go with it, for good. Its numbers may go to somebody
        else.
      </p>
    ),
    action: `Delete ${name}`,
    danger: true,
  });
  if (!yes) return;
  await masterApi().subAccounts.delete(sub.id);
  if (account.peek() === sub.id) await actIn(null);
  tell(`${name} is deleted.`);
  await changed("sub-accounts");
}
