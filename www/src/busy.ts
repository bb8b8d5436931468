// A button while its work runs: it cannot be pressed again, and it says what is going on.

/** Runs `work` behind a button. A press while it runs is ignored. */
export async function busy(button: HTMLButtonElement, label: string, work: () => Promise<void>): Promise<void> {
  if (button.disabled) return;
  const text = button.textContent;
  const focused = document.activeElement === button;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  button.textContent = label;
  try {
    await work();
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.textContent = text;
    // Disabling takes the focus away; whoever uses the keyboard would start again at the top.
    const moved = document.activeElement !== document.body && document.activeElement !== button;
    if (focused && !moved) button.focus();
  }
}

/** Waits; rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
