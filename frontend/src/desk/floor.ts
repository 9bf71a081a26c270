/** The supervisors' floor: drawn anew when something changes and every few seconds, in place. */

import { get } from "./http";
import type { Link } from "./link";
import { place } from "./parts";

const EVERY_MS = 5000;
const GATHER_MS = 500;

let pending = 0;
let busy = false;
let again = false;

/** Keep the floor current: ages go on, and whatever hints at a change is looked at soon. */
export function startFloor(link: Link): void {
  link.on("changed", soon);
  link.on("welcome", soon);
  document.addEventListener("kefu:changed", soon);
  document.addEventListener("visibilitychange", soon);
  setInterval(soon, EVERY_MS);
}

function soon(): void {
  if (document.hidden || pending) return;
  pending = window.setTimeout(() => void draw(), GATHER_MS);
}

async function draw(): Promise<void> {
  pending = 0;
  again = busy;
  if (busy) return;
  busy = true;
  try {
    place(await get("/desk/floor/part"));
  } catch {
    // The banner speaks of a lost connection; the next turn tries again.
  } finally {
    busy = false;
    if (again) soon();
  }
}
