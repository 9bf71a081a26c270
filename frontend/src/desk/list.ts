/** The list of conversations: kept current by morphing, so focus and scroll stay put. */

import { get } from "./http";
import { place } from "./parts";

const GATHER_MS = 120;
const AT_LEAST_EVERY_MS = 60_000;

let pending = 0;
let busy = false;
let again = false;

/** Have the list drawn anew soon; many calls in a moment cost one request. */
export function refreshList(): void {
  clearTimeout(pending);
  pending = window.setTimeout(() => void draw(), GATHER_MS);
}

/** Keep ages and waits current while somebody looks. */
export function startList(): void {
  setInterval(() => {
    if (!document.hidden) refreshList();
  }, AT_LEAST_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refreshList();
  });
  document.addEventListener("click", (event) => {
    const list = (event.target as Element).closest("[data-more]")?.closest<HTMLElement>("#list");
    if (!list) return;
    list.dataset["pages"] = String(pages() + 1);
    refreshList();
  });
}

/** Return the view of the list on screen. */
export function view(): string {
  return document.getElementById("list")?.dataset["view"] ?? "mine";
}

function pages(): number {
  return Number(document.getElementById("list")?.dataset["pages"] ?? 1);
}

/** Return the conversation on screen, or null. */
export function openConversation(): string | null {
  return document.querySelector<HTMLElement>("kefu-thread")?.dataset["conversation"] ?? null;
}

/** Mark the row of the conversation on screen, and the view of the list in the rail. */
export function markOpen(): void {
  const open = openConversation();
  for (const row of document.querySelectorAll<HTMLElement>("#entries .entry")) {
    if (row.id === `entry-${open}`) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  for (const link of document.querySelectorAll<HTMLElement>("[data-view].rail-view")) {
    if (link.dataset["view"] === view()) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** Move the focus among the rows; the first press goes to the open one. */
export function moveInList(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("#entries .entry")];
  const focused = rows.indexOf(document.activeElement as HTMLElement);
  const open = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : open;
  const row = rows[Math.min(rows.length - 1, Math.max(0, from + by))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

async function draw(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const asked = view();
  try {
    const open = openConversation();
    const query = new URLSearchParams({ view: asked, pages: String(pages()), ...(open && { open }) });
    const html = await get(`/desk/part/list?${query}`);
    if (asked !== view()) return;
    place(html);
    markOpen();
    document.dispatchEvent(new CustomEvent("kefu:listed"));
  } catch {
    // The banner speaks of the lost connection; the list is drawn again when it is back.
  } finally {
    busy = false;
    if (again) {
      again = false;
      refreshList();
    }
  }
}
