// The exercise in a server route, in the runtime "edge".
export const runtime = "edge";
export const dynamic = "force-dynamic";

export { GET } from "../answer.js";
