// Says, above every view, that one acts in a sub-account, and leads back: what is done there is done for
// somebody else.

import { Building2 } from "lucide-preact";
import { actIn, nameOf, useSubAccounts } from "../data/sub-accounts.js";
import { account } from "../session/session.js";

/** The sign; nothing in the account itself. */
export function AccountSign() {
  const { data = [] } = useSubAccounts();
  const id = account.value;
  if (id === null) return null;
  const sub = data.find((one) => one.id === id);
  return (
    <div class="account-sign" role="status">
      <Building2 aria-hidden="true" size={16} />
      <span>
        You act in the sub-account <strong>{sub === undefined ? id : nameOf(sub)}</strong>.
      </span>
      <button type="button" class="link" onClick={() => void actIn(null)}>
        Back to the main account
      </button>
    </div>
  );
}
