// The address book: searched by the server, the words in the address.

import type { Contact } from "agentphone-wasm";
import { UserPlus } from "lucide-preact";
import { confirm } from "../../app/confirm.js";
import { filter, go, setFilter } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useList } from "../../data/live-list.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import type { Bulk } from "../../ui/bulk-bar.js";
import { Dialog } from "../../ui/dialog.js";
import { digitsOf } from "../../ui/digits.js";
import { ExportCsv } from "../../ui/export-csv.js";
import { count } from "../../ui/format.js";
import { ListTable } from "../../ui/list-table.js";
import { Search } from "../../ui/search.js";
import { Empty } from "../../ui/states.js";
import type { Column } from "../../ui/table.js";
import { Phone, When } from "../../ui/values.js";
import { openReach } from "../reach/open.js";
import { Reach } from "../reach/reach.js";
import { type ContactFields, ContactForm } from "./contact-form.js";

const dash = <span class="muted">–</span>;
const COLUMNS: readonly Column<Contact>[] = [
  { title: "Name", cell: ({ name }) => <bdi class="cut">{name}</bdi>, sort: ({ name }) => name },
  {
    title: "Number",
    cell: ({ phoneNumber }) => <Phone value={phoneNumber} />,
    sort: ({ phoneNumber }) => phoneNumber,
    copy: ({ phoneNumber }) => phoneNumber,
  },
  {
    title: "Email",
    mid: true,
    cell: ({ email }) => email ?? dash,
    sort: ({ email }) => email,
    copy: ({ email }) => email,
  },
  { title: "Notes", wide: true, cell: ({ notes }) => notes ?? dash, sort: ({ notes }) => notes },
  {
    title: "Changed",
    wide: true,
    cell: ({ updatedAt }) => <When at={updatedAt} />,
    sort: ({ updatedAt }) => Date.parse(updatedAt),
  },
];
const CSV: readonly [string, (contact: Contact) => unknown][] = [
  ["id", ({ id }) => id],
  ["name", ({ name }) => name],
  ["number", ({ phoneNumber }) => phoneNumber],
  ["email", ({ email }) => email],
  ["notes", ({ notes }) => notes],
  ["changed", ({ updatedAt }) => updatedAt],
];

/** Deletes them after confirmation; those that no longer exist are skipped. */
async function removeAll(contacts: readonly Contact[]): Promise<boolean> {
  const yes = await confirm({
    title: `Delete ${count(contacts.length, "contact")}?`,
    body: "Their calls and texts stay, and show numbers instead of names.",
    action: "Delete them",
    danger: true,
  });
  if (!yes) return false;
  const done = await Promise.allSettled(contacts.map(({ id }) => api().contacts.delete(id)));
  await changed("contacts");
  const failed = done.filter(({ status }) => status === "rejected").length;
  if (failed > 0) throw new Error(`${count(failed, "contact")} could not be deleted.`);
  tell(`${count(contacts.length, "contact")} deleted.`);
  return true;
}

const people = (contacts: readonly Contact[]) =>
  contacts.map(({ phoneNumber, name }) => ({ phone: phoneNumber, name }));

const BULK: Bulk<Contact> = {
  noun: "contact",
  name: ({ name }) => name,
  actions: [
    {
      label: "Text them",
      run: async (contacts) => openReach("text", people(contacts)),
    },
    { label: "Call them", run: async (contacts) => openReach("call", people(contacts)) },
    { label: "Delete", danger: true, run: removeAll },
  ],
};

/** What the API is asked for: it has numbers without what people write between the digits. */
const queryOf = (search: string): { search?: string } => (search === "" ? {} : { search: digitsOf(search) || search });

/** The view. */
export default function Contacts() {
  const search = filter("q");
  const list = useList(
    ["contacts", "list", search],
    (client, signal) => client.contacts.list({ limit: 100, ...queryOf(search) }, { signal }),
    10_000,
  );
  return (
    <>
      <div class="head">
        <h1>Contacts</h1>
        <button type="button" class="primary" onClick={open}>
          <UserPlus aria-hidden="true" size={16} />
          New contact
        </button>
      </div>
      <div class="filters" role="search">
        <Search label="Search" name="q" placeholder="Part of a name or number" />
      </div>
      <ListTable
        // Another search is another table: it begins at its top.
        key={search}
        label="contacts"
        list={list}
        columns={COLUMNS}
        href={({ id }) => `/contacts/${id}`}
        bulk={BULK}
        beside={
          <ExportCsv
            name="contacts"
            noun="contact"
            columns={CSV}
            items={(signal, read) => everything(search, signal, read)}
          />
        }
        empty={search === "" ? <NoContacts /> : <NoMatch search={search} />}
      />
      <Reach />
      {filter("new") !== "" && <NewContact />}
    </>
  );
}

/** Everything that the search matches. */
async function* everything(search: string, signal: AbortSignal, read: (n: number) => void): AsyncIterable<Contact> {
  let n = 0;
  const query = { limit: 200, ...queryOf(search) };
  for await (const contact of api().contacts.list(query, { signal })) {
    read((n += 1));
    yield contact;
  }
}

const open = (): void => setFilter({ new: "1" });
const close = (): void => setFilter({ new: "", phone: "" });

const NoContacts = () => (
  <Empty title="No contacts yet.">
    <p>A contact gives a number a name: in conversations, and in what webhooks tell your agents.</p>
    <button type="button" class="primary" onClick={open}>
      Create the first contact
    </button>
  </Empty>
);

const NoMatch = ({ search }: { search: string }) => (
  <Empty title={`No contact fits “${search}”.`}>
    <p>Names and numbers are searched.</p>
    <button type="button" onClick={() => setFilter({ q: "" })}>
      Show all contacts
    </button>
  </Empty>
);

/** With `?new=1`, and `&phone=` for a number that is known already. */
function NewContact() {
  const save = async ({ phoneNumber, name, email, notes }: ContactFields): Promise<void> => {
    const made = await api().contacts.create({
      phoneNumber,
      name,
      ...(email === null ? {} : { email }),
      ...(notes === null ? {} : { notes }),
    });
    go(`/contacts/${made.id}`);
    tell(`${made.name} is in your contacts.`);
    await changed("contacts");
  };
  return (
    <Dialog title="New contact" onClose={close}>
      <ContactForm
        save={save}
        action="Save the contact"
        start={{ phoneNumber: filter("phone"), name: "", email: null, notes: null }}
      />
    </Dialog>
  );
}
