/** The sheet: a form over the desk that says what went wrong itself, and goes when it is done. */

import { restoreKept } from "./kept";

/** Open the sheet on what was just drawn into it. */
export function openSheet(): void {
  const sheet = theSheet();
  if (!sheet) return;
  restoreKept(sheet);
  if (!sheet.open) sheet.showModal();
  sheet.querySelector<HTMLElement>("input[type=radio]:checked, input[type=radio], textarea")?.focus();
}

/** Close the sheet, if it is open. */
export function closeSheet(): void {
  theSheet()?.close();
}

/** Say in the sheet why nothing was done; false if the request did not come from there. */
export function tellInSheet(from: Element | undefined, why: string): boolean {
  const said = from?.closest("#sheet")?.querySelector<HTMLElement>("[data-problem]");
  if (!said) return false;
  said.querySelector("span")!.textContent = why;
  said.hidden = false;
  return true;
}

function theSheet(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#sheet");
}
