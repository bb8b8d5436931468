// Whether somebody has typed something that closing would lose. Choices are not counted: they are made again with
// one click, and a search is no input.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type TextControl = HTMLInputElement | HTMLTextAreaElement;

const TEXTS = "textarea, input:not([type=search], [type=checkbox], [type=radio], [type=hidden], [readonly])";

/** Gives a function that tells whether a text inside differs from what it began with. */
export function useTyped(inside: RefObject<HTMLElement>): () => boolean {
  const first = useRef(new WeakMap<TextControl, string>());
  useLayoutEffect(() => {
    const note = ({ target }: Event): void => {
      const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (isText && !first.current.has(target)) first.current.set(target, target.value);
    };
    const element = inside.current;
    // Both come before the value changes, whether somebody types or a program fills in.
    element?.addEventListener("focusin", note);
    element?.addEventListener("beforeinput", note);
    return () => {
      element?.removeEventListener("focusin", note);
      element?.removeEventListener("beforeinput", note);
    };
  }, []);
  return () =>
    [...(inside.current?.querySelectorAll<TextControl>(TEXTS) ?? [])].some((control) => {
      const began = first.current.get(control);
      return began !== undefined && control.value !== began && control.value.trim() !== "";
    });
}
