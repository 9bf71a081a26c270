// Where launcher and window stand on the host's page, now and after each resize or scroll.

import { obstacles, shift } from "./avoid";
import { safely } from "./safely";
import type { Shell } from "./shell";
import type { Options } from "./types";

const SIZE = 56;
const GAP = 12;

export class Layout {
  #waiting = false;
  #lock: string | null = null;

  constructor(
    private readonly shell: Shell,
    private readonly options: Options,
    private readonly isOpen: () => boolean,
  ) {
    const again = (): void => this.soon();
    for (const name of ["resize", "load"]) addEventListener(name, again);
    addEventListener("scroll", again, { passive: true, capture: true });
    visualViewport?.addEventListener("resize", again);
    setInterval(
      () => document.hidden || (document.querySelector("[data-kefu-avoid]") && again()),
      1000,
    );
  }

  isFull(): boolean {
    return innerWidth < 480;
  }

  soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      safely(() => this.place());
    });
  }

  place(): void {
    const open = this.isOpen();
    const full = this.isFull();
    const [side, end] = this.options.offset;
    const { corner, window: pane } = this.shell;
    const right = (this.options.place === "bottom-left") === isRightToLeft();
    const top = this.options.place === "top";
    const moved = this.#free(right, top);
    put(corner, right !== moved.across, top, side, end);
    corner.style.transform = moved.by ? `translateY(${moved.by}px)` : "";
    corner.style.visibility = open && (full || moved.by || moved.across) ? "hidden" : "";
    pane.classList.toggle("full", full);
    const clear = moved.by || moved.across ? end : end + SIZE + GAP;
    put(pane, right, top, full ? 0 : side, full ? 0 : clear);
    pane.style.maxHeight = full ? "none" : `calc(100vh - ${clear + 16}px)`;
    this.#fitKeyboard(full && open);
    this.#lockPage(full && open);
  }

  /** How far the launcher moves off the host's marked elements, and whether across the page. */
  #free(right: boolean, top: boolean): { by: number; across: boolean } {
    const [side, end] = this.options.offset;
    const marked = obstacles();
    const { clientWidth: width } = document.documentElement;
    for (const across of marked.length ? [false, true] : []) {
      const left = right !== across ? width - side - SIZE : side;
      const box = { left, top: top ? end : innerHeight - end - SIZE, width: SIZE, height: SIZE };
      const by = shift(box, marked, top ? 1 : -1, innerHeight);
      if (by !== null) return { by, across };
    }
    return { by: 0, across: false };
  }

  /** Keep the composer above a phone's keyboard, which covers fixed elements. */
  #fitKeyboard(full: boolean): void {
    const view = visualViewport;
    const covered = full && view && view.height < innerHeight - 1;
    const { style } = this.shell.window;
    style.height = covered ? `${view.height}px` : "";
    if (covered) style.top = `${view.offsetTop}px`;
    if (full) style.bottom = "auto";
    if (full && !covered) style.top = "0";
  }

  #lockPage(lock: boolean): void {
    const { style } = document.documentElement;
    if (lock === (this.#lock !== null)) return;
    if (lock) {
      this.#lock = style.overflow;
      style.setProperty("overflow", "hidden", "important");
    } else {
      style.setProperty("overflow", this.#lock);
      this.#lock = null;
    }
  }
}

function put(element: HTMLElement, right: boolean, top: boolean, side: number, end: number): void {
  const [x, y] = [`${side}px`, `${end}px`];
  element.style.inset = `${top ? y : "auto"} ${right ? x : "auto"} ${top ? "auto" : y} ${right ? "auto" : x}`;
}

function isRightToLeft(): boolean {
  return getComputedStyle(document.body ?? document.documentElement).direction === "rtl";
}
