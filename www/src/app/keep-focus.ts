// Where the keyboard is when what had the focus goes: a row that is deleted, a button that gives way to its progress. It
// stays as near as it can, instead of at the top of the page.

const CAN_HAVE_IT = "a[href], button, input, select, textarea, summary, [tabindex='0']";
/** Nothing outside of these is near. */
const PARTS = "main, dialog, header, nav";

/** Watches for as long as the page lives. */
export function keepFocus(page: HTMLElement): void {
  let last: Element | undefined;
  /** What it was in, from the inside out. */
  let around: HTMLElement[] = [];
  page.addEventListener("focusin", ({ target }) => {
    // Somebody who points sees where they are, and a phone would show its keyboard.
    last = target instanceof Element && target.matches(":focus-visible") ? target : undefined;
    around = last === undefined ? [] : ancestors(last);
  });
  page.addEventListener("focusout", () => {
    // Browsers also tell it of what is being removed, which is still there then.
    queueMicrotask(() => {
      if (last?.isConnected === true && document.activeElement === document.body) last = undefined;
    });
  });
  new MutationObserver(() => {
    if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
    last = undefined;
    nearest(around).focus();
  }).observe(page, { childList: true, subtree: true });
}

function ancestors(element: Element): HTMLElement[] {
  const part = element.closest(PARTS);
  const found: HTMLElement[] = [];
  for (let at = element.parentElement; at !== null && part?.contains(at) === true; at = at.parentElement)
    found.push(at);
  return found;
}

function nearest(around: readonly HTMLElement[]): HTMLElement {
  const main = document.getElementById("main") ?? document.body;
  for (const part of around) {
    if (part === main) break;
    const inside = part.isConnected ? [...part.querySelectorAll<HTMLElement>(CAN_HAVE_IT)] : [];
    const next = inside.find((one) => !one.matches(":disabled") && one.checkVisibility());
    if (next !== undefined) return next;
  }
  return main;
}
