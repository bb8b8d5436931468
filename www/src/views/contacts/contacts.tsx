// The address book: searched by the server, the words in the address.

import type { Contact } from "agentphone-wasm";
import { UserPlus } from "lucide-preact";
import { filter, go, setFilter } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useList } from "../../data/live-list.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Dialog } from "../../ui/dialog.js";
import { Search } from "../../ui/search.js";
import { Empty } from "../../ui/states.js";
import { type Column, ListTable } from "../../ui/table.js";
import { Phone, When } from "../../ui/values.js";
import { type ContactFields, ContactForm } from "./contact-form.js";

const dash = <span class="muted">–</span>;
const COLUMNS: readonly Column<Contact>[] = [
  { title: "Name", cell: ({ name }) => name },
  { title: "Number", cell: ({ phoneNumber }) => <Phone value={phoneNumber} /> },
  { title: "Email", wide: true, cell: ({ email }) => email ?? dash },
  { title: "Notes", wide: true, cell: ({ notes }) => notes ?? dash },
  { title: "Changed", wide: true, cell: ({ updatedAt }) => <When at={updatedAt} /> },
];

/** The view. */
export default function Contacts() {
  const search = filter("q");
  const list = useList(
    ["contacts", "list", search],
    (client, signal) => client.contacts.list({ limit: 100, ...(search === "" ? {} : { search }) }, { signal }),
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
        empty={search === "" ? <Nobody /> : <NoMatch search={search} />}
      />
      {filter("new") !== "" && <NewContact />}
    </>
  );
}

const open = (): void => setFilter({ new: "1" });
const close = (): void => setFilter({ new: "", phone: "" });

const Nobody = () => (
  <Empty title="Nobody is in your contacts yet.">
    <p>A contact gives a number a name: in conversations, and in what webhooks tell your agents.</p>
    <button type="button" class="primary" onClick={open}>
      Create the first contact
    </button>
  </Empty>
);

const NoMatch = ({ search }: { search: string }) => (
  <Empty title={`Nobody fits “${search}”.`}>
    <p>Names and numbers are searched; a number by its digits, without spaces.</p>
    <button type="button" onClick={() => setFilter({ q: "" })}>
      Show everybody
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
