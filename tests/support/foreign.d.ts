// The one loose type of tests and measurements.

/**
 * A value from outside: JSON of a response, an error of a runtime, an object that is wrong on purpose. A test asserts what
 * it reads of it, so that a type would only repeat the assertions.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Foreign = any;
