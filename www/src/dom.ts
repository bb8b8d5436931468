// Small helpers around the DOM. Text always goes in as text, never as markup: what the API and the
// user say cannot become elements.

type Child = Node | string | null;

/** What an element may be given besides its children. */
export interface Props {
  class?: string;
  /** Attributes; null leaves one out. */
  attrs?: Record<string, string | null>;
  onClick?: () => void;
}

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class !== undefined) element.className = props.class;
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    if (value !== null) element.setAttribute(name, value);
  }
  if (props.onClick !== undefined) element.addEventListener("click", props.onClick);
  fill(element, ...children);
  return element;
}

/** Replaces all that an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== null));
}

/** The element of index.html with this id; a wrong id or kind is a defect of the page. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`);
  return element;
}

/** Fills a select and keeps its choice where that is still offered. */
export function setOptions(select: HTMLSelectElement, options: { value: string; label: string }[]): void {
  const chosen = select.value;
  fill(select, ...options.map(({ value, label }) => h("option", { attrs: { value } }, label)));
  if (options.some(({ value }) => value === chosen)) select.value = chosen;
}

/** Makes a list of terms and descriptions. */
export function terms(rows: [term: string, description: Child][]): HTMLDListElement {
  const list = h("dl", { class: "terms" });
  for (const [term, description] of rows) {
    list.append(h("div", {}, h("dt", {}, term), h("dd", {}, description)));
  }
  return list;
}
