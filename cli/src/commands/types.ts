// What a command does when it is run.

import type { Command } from "commander";
import type { Context } from "../settings.js";

/** The work of a command: resolves with the exit code. */
export type Work = (context: Context, options: Readonly<Record<string, unknown>>) => Promise<number>;

/** Runs the work of a command with its options, and turns what goes wrong into an error and an exit code. */
export type Run = (command: Command, work: Work) => Promise<void>;
