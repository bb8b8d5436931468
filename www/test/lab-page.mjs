// @ts-check
// What the tests of the fault lab share: running one fault, and reading what the view says of it.

/** @typedef {import("playwright-core").Page} Page */

/** The faults that are for lists alone. */
export const OF_LISTS = ["lag", "shuffled"];

/**
 * Chooses and runs, and gives what the view shows.
 * @param {Page} page
 * @param {string} fault
 * @param {string} operation
 * @param {{ hits?: "every" | "first" }} [how]
 */
export async function provoke(page, fault, operation, { hits = "every" } = {}) {
  await page.getByLabel("What goes wrong").selectOption(fault);
  await page.getByLabel("Operation").selectOption(operation);
  const choice = page.getByLabel("Affected requests");
  if ((await choice.count()) > 0) await choice.selectOption(hits);
  await page.getByRole("button", { name: "Run" }).click();
  return finished(page);
}

/**
 * What the view shows once a run is over.
 * @param {Page} page
 */
export async function finished(page) {
  // The button is busy until all is read again, which is after the report is there.
  await page.waitForSelector("[aria-label='What to provoke'] button[type=submit][aria-busy=false]");
  await page.waitForSelector("[aria-busy=false] [data-verdict]", { timeout: 5000 });
  return page.evaluate(() => {
    /** @param {string} selector */
    const texts = (selector) =>
      [...document.querySelectorAll(selector)].map((e) => (e.textContent ?? "").replaceAll("\u00a0", " "));
    /** @param {string} part @returns {Record<string, string>} */
    const terms = (part) => {
      const values = texts(`${part} dd`);
      return Object.fromEntries(texts(`${part} dt`).map((term, index) => [term, values[index] ?? ""]));
    };
    const rule = document.querySelector("[data-verdict]");
    return {
      told: terms("[aria-label='What it told']"),
      counted: terms("[aria-label='What really happened']"),
      status: texts("main > [role=status]").join(""),
      fact: texts("[aria-label='What really happened'] > p").join(""),
      verdict: rule?.getAttribute("data-verdict") ?? "",
      why: rule?.textContent ?? "",
      attempts: texts("[data-kind=attempt] strong + span"),
      waits: texts("[data-kind=wait] strong + span"),
      stops: texts("[data-kind=stop] strong + span"),
    };
  });
}
