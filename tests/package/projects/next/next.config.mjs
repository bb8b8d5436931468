// The tools are installed in the folder above, which is where Next has to look from.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export default { turbopack: { root: dirname(dirname(fileURLToPath(import.meta.url))) } };
