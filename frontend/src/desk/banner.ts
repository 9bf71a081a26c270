/** The strip that says when the desk is behind: nobody answers from a stale screen unknowing. */

import type { Link, LinkState } from "./link";
import { icon } from "./parts";
import { say } from "./texts";

const LOST_AFTER_MS = 1500;
const BEHIND_AFTER_MS = 300;

/** Show the state of the link as long as it is not simply open. */
export function showConnection(link: Link): void {
  let pending = 0;
  let wasLost = false;
  link.addEventListener("state", (event) => {
    const state = (event as CustomEvent<LinkState>).detail;
    clearTimeout(pending);
    if (state === "open") {
      hide();
      wasLost = false;
    } else if (state === "lost") {
      wasLost = true;
      pending = window.setTimeout(() => draw("is-warn", "wifi-off", "lost"), LOST_AFTER_MS);
    } else if (state === "catching-up" && wasLost) {
      pending = window.setTimeout(() => draw("", "refresh-cw", "behind"), BEHIND_AFTER_MS);
    }
  });
}

function hide(): void {
  const strip = document.getElementById("connection");
  if (strip) strip.hidden = true;
}

function draw(dress: string, mark: string, text: string): void {
  const strip = document.getElementById("connection");
  if (!strip) return;
  strip.className = `banner connection ${dress}`;
  strip.replaceChildren(icon(mark), document.createTextNode(say(text)));
  strip.hidden = false;
}
