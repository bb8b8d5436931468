// The choice of the account that one acts in: in the header, or in the menu where the header has no room for it.

import { actIn, nameOf, useSubAccounts } from "../data/sub-accounts.js";
import { account } from "../session/session.js";

/** The choice; shown where there are sub-accounts. */
export function AccountChoice() {
  const { data = [] } = useSubAccounts();
  if (data.length === 0 && account.value === null) return null;
  return (
    <select
      aria-label="Account"
      class="account"
      value={account.value ?? ""}
      onChange={({ currentTarget: choice }) => {
        void actIn(choice.value || null).then((done) => {
          if (!done) choice.value = account.peek() ?? "";
        });
      }}
    >
      <option value="">Main account</option>
      {data.map((sub) => (
        <option key={sub.id} value={sub.id}>
          {nameOf(sub)}
        </option>
      ))}
    </select>
  );
}
