/** Drawn parts of a page put in place without a flicker: focus, scroll and typed text stay. */

import { Idiomorph } from "idiomorph";

/** Return the elements a drawn part holds. */
export function parsed(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Make an element like another, keeping every node that need not change, and open menus. */
export function morph(old: Element, fresh: Element): void {
  Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    ignoreActiveValue: isWritten(document.activeElement),
    callbacks: { beforeNodeMorphed: (node) => !isOpenMenu(node) },
  });
}

/** Whether somebody types into an element: what it holds is theirs. A button's words are not. */
function isWritten(element: Element | null): boolean {
  return element?.matches("input, textarea, select") ?? false;
}

/** Whether a node is a menu that somebody has open: it stays as it is until they are done. */
function isOpenMenu(node: Node): boolean {
  return (
    node instanceof Element &&
    node.matches("kefu-menu") &&
    node.querySelector("button[aria-expanded=true]") !== null
  );
}

/** Morph each top-level element of a part into the one of the page with the same id. */
export function place(html: string): void {
  for (const fresh of [...parsed(html).children]) {
    const old = fresh.id ? document.getElementById(fresh.id) : null;
    if (old) morph(old, fresh);
  }
  adopt();
}

const adopters: ((root: Element) => void)[] = [];

/** Have a function look at the page after each change, to bring new elements to life. */
export function onPlaced(adopter: (root: Element) => void): void {
  adopters.push(adopter);
}

/** Bring to life what was just put into the page. */
export function adopt(root: Element = document.body): void {
  for (const adopter of adopters) adopter(root);
}

/** Return an icon of the sprite this page already uses. */
export function icon(name: string): SVGElement {
  const known = document.querySelector(".icon use")?.getAttribute("href") ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.classList.add("icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${known.split("#")[0]}#${name}`);
  svg.append(use);
  return svg;
}
