// How the client's types are held against those that openapi-typescript makes from the contract:
// equal, field for field and both ways, after what differs by design is made alike. contract.test.mjs
// writes the comparisons, one an operation.

/** True for types that are the same, optional members and null included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for the same types. */
export const same = <A, B>(_: Equal<A, B>): void => {};

type Any<T> = 0 extends 1 & T ? true : false;

/** `Open<"a" | "b">` becomes string, which it is on the wire. A closed set of strings stays. */
type Strings<T> = [Extract<T, string>] extends [never]
  ? never
  : [string] extends [Extract<T, string>]
    ? string
    : Extract<T, string>;

/** The same at any depth, without the `undefined` that what may be left out may be as well. */
export type Plain<T> = Any<T> extends true ? "any" : Strings<T> | Others<Exclude<T, string>>;
type Others<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Name in keyof T]: Plain<Exclude<T[Name], undefined>> }
    : T;

type Union<T, Each = T> = T extends Each ? ([Each] extends [T] ? false : true) : never;

/**
 * What the contract says of an answer, where a set of strings is open: the API may add to it. One
 * string alone tells the members of a union apart and stays.
 */
export type Answer<T> =
  Any<T> extends true ? "any" : AnswerStrings<Extract<T, string>> | AnswerOthers<Exclude<T, string>>;
type AnswerStrings<T> = [T] extends [never] ? never : true extends Union<T> ? string : T;
type AnswerOthers<T> = T extends readonly (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? { [Name in keyof T]: Answer<Exclude<T[Name], undefined>> }
    : T;

/** A transcript without what the client puts beside it: its turns, or the text that they were made of. */
export type AsSent<T> = T extends { data: unknown } ? Omit<T, "transcript"> : Omit<T, "transcriptText">;

/** What a query value is on the wire: a Date and a list of texts are written as one text. */
export type Sent<T> = {
  [Name in keyof T]: T[Name] extends infer Value ? (Value extends Date | readonly string[] ? string : Value) : never;
};
