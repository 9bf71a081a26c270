/** A field that narrows a list to what was typed; Enter takes the first that is left. */

/** Bring every such field of the page to life. */
export function startFilters(): void {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset["filter"]) narrow(target);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !(field instanceof HTMLInputElement)) return;
    if (!field.dataset["filter"]) return;
    event.preventDefault();
    if (field.value.trim()) listOf(field)?.querySelector<HTMLElement>("li:not([hidden]) button")?.click();
  });
}

function narrow(field: HTMLInputElement): void {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of listOf(field)?.querySelectorAll<HTMLElement>("[data-words]") ?? []) {
    const isIn = words.every((word) => item.dataset["words"]?.includes(word));
    item.hidden = !isIn;
    found += Number(isIn);
  }
  const none = field.form?.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = found > 0;
}

function listOf(field: HTMLInputElement): HTMLElement | null {
  return document.getElementById(field.dataset["filter"] ?? "");
}
