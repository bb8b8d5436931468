// The error of a store that cannot be used.

/** A store cannot be used. */
export class StoreError extends Error {
  readonly code: "STORE_UNAVAILABLE" | "STORE_VERSION" | "STORE_CONFIGURATION" | "STORE_MISSING";
  readonly retryable: boolean;

  constructor(code: StoreError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
    this.retryable = code === "STORE_UNAVAILABLE";
  }
}
