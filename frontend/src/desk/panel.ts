/** The customer's panel: beside the thread where there is room, over it where there is not. */

const BESIDE = matchMedia("(width >= 1200px)");

/** Open or close the panel where it covers the thread; say whether anything changed. */
export function togglePanel(open?: boolean): boolean {
  const work = document.getElementById("work");
  if (!work || BESIDE.matches || !document.getElementById("customer")) return false;
  const was = work.classList.contains("is-panel");
  const now = open ?? !was;
  if (was === now) return false;
  work.classList.toggle("is-panel", now);
  const toggle = document.querySelector<HTMLElement>(".panel-toggle");
  toggle?.setAttribute("aria-expanded", String(now));
  if (now) document.querySelector<HTMLElement>(".panel-close")?.focus();
  else toggle?.focus();
  return true;
}
