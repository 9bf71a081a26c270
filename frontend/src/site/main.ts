// The public pages' only script: the reader's choice of light or dark, and copy buttons.
// It runs in the head, before anything is painted, so that a chosen scheme never flashes.

type Theme = "light" | "dark";

const KEPT_AS = "kefu-theme";
const COPIED_FOR_MS = 2000;

function keptTheme(): Theme | null {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === "light" || kept === "dark" ? kept : null;
  } catch {
    return null; // storage is switched off: the system's scheme holds
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEPT_AS, theme);
  } catch {
    // It holds for this page then.
  }
}

function shownTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function switchTheme(): void {
  const next = shownTheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  keep(next);
}

async function copy(button: HTMLElement): Promise<void> {
  const { copy: text, copied } = button.dataset;
  const label = button.querySelector("[data-label]");
  if (text === undefined || copied === undefined || label === null) return;
  await navigator.clipboard.writeText(text);
  const before = label.textContent;
  if (before === copied) return;
  label.textContent = copied;
  setTimeout(() => (label.textContent = before), COPIED_FOR_MS);
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-theme-switch]")) switchTheme();
  const button = event.target.closest<HTMLElement>("[data-copy]");
  if (button) void copy(button);
}

const kept = keptTheme();
if (kept) document.documentElement.dataset["theme"] = kept;
document.addEventListener("click", onClick);
