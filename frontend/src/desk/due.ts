/** Clocks on the page: each counts on from its instant, by the server's time, in its words. */

import { say } from "./texts";

const TICK_MS = 1000;
const SECONDS_SHOWN = 10 * 60;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far the server's clock is ahead of this browser's. */
let aheadMs = 0;
let drawnAt = "";

/** Count every clock of the page down, each second and whenever parts were drawn anew. */
export function startDue(): void {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  compare(performance.timeOrigin + (page?.responseStart ?? 0));
  tick();
  setInterval(() => {
    if (!document.hidden) tick();
  }, TICK_MS);
  document.addEventListener("visibilitychange", tick);
}

/** Take the instant that the newest part was drawn at for now, and show what is left. */
export function recount(): void {
  compare(Date.now());
  tick();
}

function compare(hereMs: number): void {
  const times = [...document.querySelectorAll<HTMLElement>("[data-now]")].map((part) => part.dataset["now"] ?? "");
  const newest = times.sort().at(-1) ?? "";
  if (newest <= drawnAt) return;
  drawnAt = newest;
  aheadMs = Date.parse(newest) - hereMs;
}

function tick(): void {
  const now = Date.now() + aheadMs;
  for (const chip of document.querySelectorAll<HTMLElement>("[data-due]")) {
    const due = Date.parse(chip.dataset["due"] ?? "");
    const text = left(Math.ceil((due - now) / 1000));
    const shown = chip.querySelector("[data-left]");
    if (shown && shown.textContent !== text) shown.textContent = text;
    const isLate = now > due;
    chip.classList.toggle("is-danger", isLate);
    chip.classList.toggle("is-warn", !isLate && now >= Date.parse(chip.dataset["warn"] ?? ""));
    if (isLate) mark(chip);
  }
}

/** The icon says it too, for whoever does not tell the colours apart. */
function mark(chip: HTMLElement): void {
  const use = chip.querySelector("use");
  use?.setAttribute("href", `${use.getAttribute("href")?.split("#")[0]}#clock-alert`);
}

/** Return the time left as `Reader.left` says it: `2 h`, `14 min`, `9:05`, or how much over. */
export function left(seconds: number): string {
  return seconds < 0 ? say("due.over", { span: span(-seconds) }) : span(seconds);
}

function span(seconds: number): string {
  if (seconds < SECONDS_SHOWN) {
    return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
  }
  if (seconds >= 2 * DAY) return say("due.days", { n: Math.floor(seconds / DAY) });
  if (seconds >= 2 * HOUR) return say("due.hours", { n: Math.floor(seconds / HOUR) });
  return say("due.minutes", { n: Math.floor(seconds / MINUTE) });
}
