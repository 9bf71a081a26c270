/** What was typed into a field outside the composer: kept in this tab until it was taken. */

const PREFIX = "kefu:kept:";

/** Keep what is typed into fields with a name to keep it by. */
export function startKept(): void {
  document.addEventListener("input", ({ target }) => {
    const name = nameOf(target);
    if (!name) return;
    const { value } = target as HTMLTextAreaElement;
    if (value) sessionStorage.setItem(PREFIX + name, value);
    else sessionStorage.removeItem(PREFIX + name);
  });
}

/** Put back what was typed into the fields of a part that was drawn anew. */
export function restoreKept(root: Element): void {
  for (const field of root.querySelectorAll<HTMLTextAreaElement>("[data-kept]")) {
    if (!field.value) field.value = sessionStorage.getItem(PREFIX + field.dataset["kept"]) ?? "";
  }
}

/** Forget what a form held: it was taken. */
export function forgetKept(form: Element): void {
  for (const field of form.querySelectorAll<HTMLTextAreaElement>("[data-kept]")) {
    sessionStorage.removeItem(PREFIX + field.dataset["kept"]);
    field.value = "";
  }
}

function nameOf(target: EventTarget | null): string | undefined {
  return target instanceof HTMLElement ? target.dataset["kept"] : undefined;
}
