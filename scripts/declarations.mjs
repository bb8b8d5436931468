// Reads the `.d.ts` files in `src`, from which the published types are made (`types.mjs`), with the TypeScript
// compiler, for the reference and the type tests. The compiler's API is unstable; the lock file pins it.

import { join } from "node:path";
import { SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { root } from "./tools.mjs";

/**
 * A node of the syntax tree. Each kind has different fields, and the code here checks which fields a node has.
 * @typedef {any} Node
 */
/** @typedef {{ name: string, doc: string, text: string, type: string, method: boolean, members: Member[] }} Member */
/** @typedef {{ file: string, name: string, isClass: boolean, doc: string, text: string, members: Member[] }} Declaration */

/** The text of a doc comment without asterisks. @param {Node} node @returns {string} */
const prose = (node) =>
  (node.jsDoc?.at(-1)?.getText() ?? "")
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((/** @type {string} */ line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();

const METHODS = [SyntaxKind.MethodSignature, SyntaxKind.MethodDeclaration, SyntaxKind.CallSignature];

/** A member of an interface or a class: `type` is the text of a property's type. @param {Node} node @returns {Member} */
const member = (node) => ({
  name: node.name?.getText() ?? "",
  doc: prose(node),
  text: node.getText(),
  type: node.type?.getText() ?? "",
  method: METHODS.includes(node.kind),
  members: nested(node.type),
});

/** The members of object types inside a member's type. @param {Node} type */
const nested = (type) => {
  /** @type {Member[]} */
  const found = [];
  const visit = (/** @type {Node} */ node) => {
    if (node.kind === SyntaxKind.TypeLiteral) found.push(...node.members.map(member));
    else node.forEachChild(visit);
  };
  if (type) visit(type);
  return found;
};

/** A declaration: its name, its comment, its text without the comment, its members. @param {Node} node @param {string} file @returns {Declaration} */
const declaration = (node, file) => {
  const variable = node.declarationList?.declarations[0];
  return {
    file,
    name: (variable ?? node).name.text,
    isClass: node.kind === SyntaxKind.ClassDeclaration,
    doc: prose(node),
    text: node.getText(),
    members: node.members?.map(member) ?? nested(node.type),
  };
};

/** All exported declarations. */
export const declarations = () => {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(root, "src", "tsconfig.json")] }).getProjects();
    return project.rootFiles.flatMap((file) => {
      const statements = /** @type {Node[]} */ ([...(project.program.getSourceFile(file)?.statements ?? [])]);
      const exported = statements.filter(({ modifiers }) =>
        modifiers?.some((/** @type {Node} */ { kind }) => kind === SyntaxKind.ExportKeyword),
      );
      return exported.map((node) => declaration(node, file));
    });
  } finally {
    api.close();
  }
};
