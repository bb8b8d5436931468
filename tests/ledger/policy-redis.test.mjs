// Limits that several processes share in Redis: see policy-races.mjs.

import { policyRaces } from "./policy-races.mjs";
import { noRedis, startRedis } from "./servers.mjs";

policyRaces("redis", noRedis, startRedis);
