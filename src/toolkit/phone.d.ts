// `phone`: phone numbers as people write them. The code is `src/js/toolkit/phone.js`.

/** How a phone number is read. */
export interface PhoneOptions {
  /** Where a number without a country code is from, as two capital letters. Default: `"US"`. */
  country?: string | undefined;
  /**
   * The package libphonenumber-js, or its function `parsePhoneNumberFromString`, for numbers outside
   * North America. Default: only complete numbers (`+44 20 7946 0958`) are accepted, without further checks.
   */
  library?: object | undefined;
}

/** Phone numbers. */
export interface Phone {
  /**
   * A phone number in E.164 form. North American numbers are checked against their numbering plan; those of other countries are
   * parsed by `library`. Other recipients of texts are returned unchanged: e-mail addresses, groups (`grp_…`) and, without
   * a country code, US short codes of five or six digits.
   *
   * Errors: `InvalidArgumentError` for everything else, including a number with an extension or inside a sentence. It does not
   * contain the number.
   *
   * ```ts
   * console.log(phone.e164("(415) 555-0100")); // +14155550100
   * ```
   */
  e164(text: string, options?: PhoneOptions): string;
}

/** Phone numbers. */
export const phone: Phone;
