/** Make a button open its menu: arrow keys move, Escape and a click elsewhere close. */
export function menu(opener: HTMLElement, list: HTMLElement): { isOpen(): boolean } {
  const items = (): HTMLElement[] => [
    ...list.querySelectorAll<HTMLElement>("[role=menuitem]:not([hidden])"),
  ];
  const show = (open: boolean): void => {
    list.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) items()[0]?.focus();
  };
  opener.addEventListener("click", () => show(Boolean(list.hidden)));
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !list.contains(target) && !opener.contains(target)) show(false);
  });
  const chosen = ({ target }: Event): void => {
    if (target instanceof Element && target.closest("[aria-disabled=true]")) return;
    show(false);
    opener.focus();
  };
  list.addEventListener("click", chosen, true); // before the item, which may be disabled by it
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) all.at(next % all.length)?.focus();
    else if (event.key === "Escape") opener.focus();
    if (event.key === "Escape" || event.key === "Tab") show(false);
    if (next !== undefined || event.key === "Escape") event.preventDefault();
    if (event.key === "Escape") event.stopPropagation();
  });
  return { isOpen: () => !list.hidden };
}
