// The ledger of the real account, which all commands and the console share.

import { join } from "node:path";
import type { Ledger } from "agentphone-wasm";
import { stateFolder } from "../state.js";
import { folderLedger } from "./folder-ledger.js";

export const accountLedger = (): Ledger => folderLedger(join(stateFolder(), "ledger"));
