// Says, above every view, that one acts in a sub-account, and leads back: what is done there is done for
// somebody else.

import { Building2 } from "lucide-preact";
import { queries, useApi } from "../data/queries.js";
import { account, masterApi } from "../session/session.js";

/** Acts in a sub-account from now on; null for the account itself. */
export function actIn(id: string | null): void {
  account.value = id;
  void queries.invalidateQueries();
}

/** The sign; nothing in the account itself. */
export function AccountSign() {
  // The header asks for the same, under the same key.
  const { data = [] } = useApi(["sub-accounts"], (_, signal) => masterApi().subAccounts.list({ limit: 100 }, { signal }).then((page) => page.data));
  const id = account.value;
  if (id === null) return null;
  return (
    <div class="account-sign" role="status">
      <Building2 aria-hidden="true" size={16} />
      <span>
        You act in the sub-account <strong>{data.find((one) => one.id === id)?.name ?? id}</strong>.
      </span>
      <button type="button" class="link" onClick={() => actIn(null)}>
        Back to the main account
      </button>
    </div>
  );
}
