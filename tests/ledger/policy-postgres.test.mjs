// Limits that several processes share in PostgreSQL: see policy-races.mjs.

import { policyRaces } from "./policy-races.mjs";
import { noPostgres, startPostgres } from "./servers.mjs";

policyRaces("pg", noPostgres, startPostgres);
