/** One key for each thing an agent does; every one also has its button. */

import type { Composer } from "./composer";
import { moveInList } from "./list";
import { togglePanel } from "./panel";
import { closeSheet } from "./sheet";

const BUTTONS: Record<string, string> = {
  t: "take",
  a: "assign",
  h: "hand_over",
  u: "escalate",
  s: "side",
  g: "topic",
  p: "priority",
  e: "close",
  o: "reopen",
};

/** Listen for the shortcuts of the desk. */
export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return leave();
    if (isWriting(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (act === "help") showHelp();
    if (act === "panel") togglePanel();
    if (act === "sheet_close") closeSheet();
  });
}

function act(pressed: string): boolean {
  const key = pressed.length === 1 ? pressed.toLowerCase() : pressed;
  if (key === "j" || key === "k") moveInList(key === "j" ? 1 : -1);
  else if (key === "r" || key === "n") return write(key === "r" ? "public" : "internal");
  else if (key === "?") showHelp();
  else if (key === "i") togglePanel();
  else if (key in BUTTONS) return press(`.thread-head [data-act="${BUTTONS[key]}"]`);
  else if (/^[1-9]$/.test(key)) return press(`#views li:nth-child(${key}) [data-view]`);
  else return false;
  return true;
}

function write(mode: "public" | "internal"): boolean {
  const composer = document.querySelector<Composer>("kefu-composer");
  if (!composer?.checkVisibility()) return false;
  composer.write(mode);
  return true;
}

function press(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}

function showHelp(): void {
  document.querySelector<HTMLDialogElement>("#help")?.showModal();
}

/** Esc leads from the thread back to the row it belongs to. */
function leave(): void {
  if (togglePanel(false)) return;
  if (document.activeElement?.closest(".thread-head, kefu-thread")) {
    document.querySelector<HTMLElement>('#entries [aria-current="true"]')?.focus();
  }
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
