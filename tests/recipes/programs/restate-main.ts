// A worker of Restate. Argument: the port on which Restate's server finds it.

import { serve } from "@restatedev/restate-sdk";
import { reminders } from "./restate.js";

console.log("port", await serve({ services: [reminders], port: Number(process.argv[2]) }));
