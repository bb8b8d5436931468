// `{{name}}` in texts. Missing names are detected before anything is sent.

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACE)].map(([, name]) => name ?? "")),
];

/** Fills in the values. An unknown name stays unchanged: the agent may know it. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(PLACE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] as string) : whole));
