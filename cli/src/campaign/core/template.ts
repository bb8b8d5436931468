// `{{name}}` in texts. Missing names are detected before anything is sent.

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACE)].map(([, name]) => name ?? "")),
];

/** Fills in the values. An unknown name stays unchanged; the plan refuses such a text. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(PLACE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] as string) : whole));

/** Braces that stay after the names are filled in, as in `{{name}` or `{{}}`: they would be spoken. */
export const hasLooseBraces = (text: string): boolean => /\{\{|\}\}/.test(text.replaceAll(PLACE, ""));

/** The length without the names. */
export const fixedLength = (text: string): number => text.replaceAll(PLACE, "").length;
