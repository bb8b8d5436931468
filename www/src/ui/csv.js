// @ts-check
// Tables for spreadsheets: CSV according to RFC 4180.

/** What a spreadsheet would run as a formula. A number with a sign, such as a phone number, is not one. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d(]))/;

/** @param {unknown} value */
function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line with its end. @param {readonly unknown[]} values */
export const csvLine = (values) => `${values.map(cell).join(",")}\r\n`;

/** Without it Excel reads UTF-8 as something else. */
export const BYTE_ORDER_MARK = "\ufeff";
