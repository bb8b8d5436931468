// Sub-accounts: separate agents, numbers and conversations under one wallet and one key.

import type { ApiPromise, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";
import type { SuccessFlag } from "./agents.js";

/** A sub-account. Its fields are inferred: no official source types them. */
export interface SubAccount {
  /** Id; opaque. */
  id?: string | undefined;
  /** Name. 1 to 100 characters. */
  name?: string | undefined;
  status?: string | undefined;
  /** When it was made, ISO 8601. */
  createdAt?: string | undefined;
}

/** Name of a sub-account. */
export interface SubAccountWrite {
  /** Name. 1 to 100 characters. */
  name: string;
}

/** Which page of the sub-accounts. */
export interface SubAccountsQuery {
  /** Items a page, 1 to 500. */
  limit?: number | null | undefined;
  /** Items to skip. Default: 0. */
  offset?: number | undefined;
  /** Adds counters of so many days, 1 to 90, to each sub-account. Their names are not documented. */
  stats_days?: number | undefined;
}

/** Sub-accounts. */
export interface SubAccountsResource {
  /**
   * Lists sub-accounts, a page at a time. There are up to 500.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  list(query?: SubAccountsQuery, options?: RequestOptions): PagePromise<SubAccount>;

  /**
   * Creates a sub-account. The option `subAccount` of a client or a request acts inside it.
   *
   * Effect class: effect (a repeat makes a second one). Free. Errors: `ValidationError`, and those of
   * every request.
   *
   * ```ts
   * const branch = await client.subAccounts.create({ name: "Branch" });
   * await client.agents.list({}, { subAccount: branch.id ?? null });
   * ```
   */
  create(body: SubAccountWrite, options?: RequestOptions): ApiPromise<SubAccount>;

  /**
   * Renames a sub-account.
   *
   * Effect class: idempotent. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
   * request.
   */
  update(subAccountId: string, body: SubAccountWrite, options?: RequestOptions): ApiPromise<SubAccount>;

  /**
   * Deletes a sub-account for good.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(subAccountId: string, options?: RequestOptions): ApiPromise<SuccessFlag>;
}
