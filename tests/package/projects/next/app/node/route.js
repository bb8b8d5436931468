// The exercise in a server route, in the runtime "nodejs".
export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export { GET } from "../answer.js";
