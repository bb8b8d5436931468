// SIP trunks: calls to and from a telephone system of your own.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";
import type { SuccessFlag } from "./agents.js";

/** A SIP trunk. */
export interface SipTrunk {
  /** Id; opaque. */
  id: string;
  name: string;
  /** Who runs it. */
  provider?: string | undefined;
  /** Whether signalling is encrypted. */
  encrypted: boolean;
  /** Transport of the signalling, e.g. tls. */
  transport: string;
  /** Encryption of the audio. */
  mediaEncryption: string;
  /** Which transfers are allowed. */
  transfers: Open<"all" | "sip" | "none">;
  /** Whose number a transferred call shows. */
  transferCallerId: Open<"transferee" | "transferor">;
  /** Where to send your calls. */
  terminationSipUri: string;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** Where calls to you are sent. */
  originationUris?:
    | Array<{
        /** SIP address. */
        sip_uri: string;
        name?: string | null | undefined;
        /** The lowest is tried first. */
        priority?: number | null | undefined;
        /** Share among those of one priority. */
        weight?: number | null | undefined;
      }>
    | undefined;
  /** The address ranges that may call. */
  allowedIps?:
    | Array<{
        /** In CIDR notation, e.g. `203.0.113.0/24`. */
        cidr: string;
        name?: string | null | undefined;
      }>
    | undefined;
  /** Addresses that calls to you come from. */
  proxyIps?: string[] | undefined;
  /** User names that may call; passwords only at creation and rotation. */
  credentials?:
    | Array<{
        username: string;
        /** Shown at creation and rotation only. */
        password?: string | null | undefined;
        /** Last four characters of the password. */
        passwordLast4?: string | null | undefined;
        /** Name of the list that it belongs to. */
        credentialListName?: string | null | undefined;
      }>
    | null
    | undefined;
}

/** Only the keys that are present change; none at all rotates the credentials. */
export interface UpdateSipTrunkRequest {
  /** A new label for people. */
  name?: string | undefined;
  /** Which transfers are allowed. */
  transfers?: "all" | "sip" | "none" | undefined;
  /** Whose number a transferred call shows. */
  transfer_caller_id?: "transferee" | "transferor" | undefined;
  /** Where calls to you are sent; its fields are not published. */
  origination?: Record<string, unknown> | undefined;
}

/** A new trunk. The API accepts an empty body; what else it accepts is not documented. */
export type CreateSipTrunkRequest = Record<string, unknown>;

/** SIP trunks. */
export interface SipTrunksResource {
  /**
   * Lists all SIP trunks.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  list(options?: RequestOptions): PagePromise<SipTrunk>;

  /**
   * Creates a SIP trunk. Its password is only in this response.
   *
   * Effect class: effect (a repeat makes a second one). Free. Errors: `ValidationError`, and those of
   * every request.
   *
   * ```ts
   * const trunk = await client.sipTrunks.create();
   * console.log(trunk.terminationSipUri, trunk.credentials?.length);
   * await client.sipTrunks.update(trunk.id, { name: "Office", transfers: "sip" });
   * ```
   */
  create(body?: CreateSipTrunkRequest, options?: RequestOptions): ApiPromise<SipTrunk>;

  /**
   * Reads a SIP trunk.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(trunkId: string, options?: RequestOptions): ApiPromise<SipTrunk>;

  /**
   * Changes a SIP trunk. **With `{}` it issues new credentials**, and the old ones stop working.
   *
   * Effect class: effect (a repeat of `{}` issues yet others). Free. Errors: `ValidationError`,
   * `NotFoundError`, and those of every request.
   */
  update(trunkId: string, body: UpdateSipTrunkRequest, options?: RequestOptions): ApiPromise<SipTrunk>;

  /**
   * Deletes a SIP trunk for good.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(trunkId: string, options?: RequestOptions): ApiPromise<SuccessFlag>;
}
