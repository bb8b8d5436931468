// Errors and their exit codes. Scripts depend on the codes; docs/cli.md lists them.

/** Exit codes. */
export const EXIT = {
  done: 0,
  /** Refused by the API or by us, or failed for a known reason. */
  refused: 1,
  /** The command or its input is wrong: nothing was sent. */
  usage: 2,
  /** The API was not reached. */
  unreached: 3,
  /** Outcome unknown: it may have happened. */
  unknown: 4,
  interrupted: 130,
} as const;

/** An error of the command line itself, in the form of the client's errors. */
export class CommandError extends Error {
  readonly code: string;
  readonly exit: number;
  /** What to do about it, for people. */
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    { exit = EXIT.usage as number, hint = undefined as string | undefined } = {},
  ) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.exit = exit;
    this.hint = hint;
  }
}

/** A usage error: exit code 2. */
export const usage = (message: string, hint?: string): CommandError => new CommandError("USAGE", message, { hint });

/** An error as it is printed for programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly outcomeUnknown: boolean;
  readonly retryable: boolean;
  readonly exit: number;
  readonly hint?: string | undefined;
  readonly [field: string]: unknown;
}

/** Codes of usage errors. */
const OURS = ["CONFIGURATION_ERROR", "INVALID_ARGUMENT", "IDEMPOTENCY_KEY_REUSED"];
/** Codes of errors that mean that no response arrived. */
const UNREACHED = ["CONNECTION_ERROR", "TIMEOUT"];

const exitOf = (code: string, outcomeUnknown: boolean, interrupted: boolean): number => {
  if (interrupted) return EXIT.interrupted;
  if (outcomeUnknown) return EXIT.unknown;
  if (OURS.includes(code)) return EXIT.usage;
  return UNREACHED.includes(code) ? EXIT.unreached : EXIT.refused;
};

/** What to do about an error of the client, where its message is for programs. */
const hintOf = (code: string, cause: unknown): { hint?: string } => {
  if (code === "OUTCOME_UNKNOWN")
    return {
      hint: "`agentphone effects settle` looks again; once you know it, `agentphone effects resolve KEY` records it with --happened ID or --nothing",
    };
  // The client does not say what is wrong with its ledger; the ledger does, and shows no key.
  return code.startsWith("LEDGER_") && cause instanceof Error ? { hint: cause.message } : {};
};

/** Converts any thrown value. */
export const failureOf = (error: unknown, interrupted: boolean): Failure => {
  if (error instanceof CommandError) {
    const { code, message, exit, hint } = error;
    return {
      code,
      message,
      outcomeUnknown: false,
      retryable: false,
      exit: interrupted ? EXIT.interrupted : exit,
      hint,
    };
  }
  const own = error as { code?: unknown; outcomeUnknown?: unknown; toJSON?: () => object; retryable?: unknown };
  if (error instanceof Error && typeof own.toJSON === "function") {
    const { name: _, stack: _stack, ...fields } = own.toJSON() as Record<string, unknown>;
    const outcomeUnknown = own.outcomeUnknown === true;
    const code = String(own.code);
    return {
      ...fields,
      code,
      message: error.message,
      outcomeUnknown,
      retryable: own.retryable === true,
      exit: exitOf(code, outcomeUnknown, interrupted),
      ...hintOf(code, error.cause),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof own?.code === "string" ? own.code : "INTERNAL_ERROR";
  return {
    code,
    message,
    outcomeUnknown: false,
    retryable: own?.retryable === true,
    exit: exitOf(code, false, interrupted),
  };
};
