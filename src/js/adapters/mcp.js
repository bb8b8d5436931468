// @ts-check
// The tools on an MCP server (`@modelcontextprotocol/server` 2): a person is asked by elicitation, in the client's protocol version. The
// question, signed by the policy, travels as the request's state.

import { attempt } from "../lib/fields.js";
import { answered, functionOf, opened, questionOf, toolsOf } from "./common.js";

const SUBJECT = "mcpTools";
const FIELD = "approval";
const ANSWER = {
  type: "object",
  properties: { approved: { type: "boolean", title: "Do it", description: "Whether this may be done." } },
  required: ["approved"],
};

/** Never `isError`: it makes models call again. @param {import("./common.js").ToolResult} result */
const contentOf = (result) => ({
  content: [{ type: "text", text: JSON.stringify(result) }],
  structuredContent: JSON.parse(JSON.stringify(result)),
});

/** The client's capabilities, from this request or from the start of the connection. @param {any} server @param {any} context */
const elicits = (server, context) => {
  // Since the protocol of 2026, the request itself says so: in its envelope, which the server takes out of `_meta`.
  const own = attempt(() => {
    const { envelope, _meta } = context.mcpReq;
    return Object.entries({ ..._meta, ...envelope }).find(([name]) => name.endsWith("/clientCapabilities"))?.[1];
  });
  const known = own ?? attempt(() => server.server.getClientCapabilities());
  return Boolean(attempt(() => known.elicitation));
};

/** @type {typeof import("../../tools/adapters.js").mcpTools} */
export const mcpTools = (server, given, framework) => {
  const register = functionOf(SUBJECT, server, "registerTool").bind(server);
  const inputRequired = /** @type {any} */ (attempt(() => framework?.inputRequired));
  for (const tool of toolsOf(SUBJECT, given))
    register(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: opened(tool),
        outputSchema: tool.output,
        annotations: tool.annotations,
      },
      async (/** @type {unknown} */ input, /** @type {any} */ context) => {
        const signal = attempt(() => context.mcpReq.signal);
        const answer = attempt(() => context.mcpReq.inputResponses[FIELD]);
        if (answer) {
          const agreed = answer.action === "accept" && answer.content?.approved === true;
          const request = attempt(() => context.mcpReq.requestState());
          return contentOf(await answered(tool, input, { signal }, agreed, request));
        }
        const result = await tool.execute(input, { signal });
        const { approval } = result;
        if (result.status !== "needs_approval" || !approval || !inputRequired || !elicits(server, context))
          return contentOf(result);
        return inputRequired({
          inputRequests: {
            [FIELD]: inputRequired.elicit({ message: questionOf(approval), requestedSchema: ANSWER }),
          },
          requestState: approval.request,
        });
      },
    );
};
