// The columns of the number and the time zone. Neither is guessed: if two columns could be the number's, the user chooses.

/** Common names of the phone number column, ignoring case, spaces, dashes and underscores. */
const NUMBER_COLUMNS = [
  "tonumber",
  "to",
  "recipient",
  "phone",
  "phonenumber",
  "number",
  "mobile",
  "cell",
  "tel",
  "telephone",
];
const ZONE_COLUMNS = ["timezone", "zone", "tz"];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, "");

export const isNumberColumn = (name: string): boolean => NUMBER_COLUMNS.includes(plain(name));

export interface Columns {
  readonly number: string;
  readonly zone: string | undefined;
}

/** The columns, or what is wrong with them. */
export const columnsOf = (
  names: readonly string[],
  wanted: string | undefined,
): Columns | { readonly code: "missing-column" | "ambiguous-column"; readonly message: string } => {
  const found = names.filter((name) => (wanted === undefined ? isNumberColumn(name) : name === wanted));
  const [number] = found;
  if (number === undefined)
    return {
      code: "missing-column",
      message: `no column is named ${wanted ?? "phone: specify the column of the number with --column"}`,
    };
  if (found.length > 1)
    return {
      code: "ambiguous-column",
      message: `the number may be in the column ${found.join(" or ")}: choose one with --column`,
    };
  return { number, zone: names.find((name) => name !== number && ZONE_COLUMNS.includes(plain(name))) };
};
