// The keys of `using` and `await using`, where the library that users compile with has them (`esnext.disposable`): a plain
// declaration would not compile for the others.

/** The key of `using`. */
export type DisposeKey = SymbolConstructor extends Readonly<Record<"dispose", infer Key extends symbol>> ? Key : never;

/** The key of `await using`. */
export type AsyncDisposeKey =
  SymbolConstructor extends Readonly<Record<"asyncDispose", infer Key extends symbol>> ? Key : never;
