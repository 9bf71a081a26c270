// The scrolled list of rows: keeps each element whose row stayed the same, and never moves what
// is being read.

import { draw, type Acts } from "./bubbles";
import { say } from "./config";
import { h, icon, part } from "./dom";
import type { Later } from "./later";
import { needsRest, type Row } from "./rows";

const NEAR_END_PX = 60;

export class Thread {
  readonly #pane = part("thread");
  readonly #list = part("rows");
  readonly #typing = part("typing");
  readonly #jump = part("jump");
  readonly #live = part("live");
  readonly #drawn = new Map<string, { sign: string; element: HTMLElement }>();
  #isFollowing = true;
  #size = "";

  constructor(
    private readonly later: Later,
    private readonly acts: Acts,
    private readonly atEnd: () => void,
  ) {
    this.#pane.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#jump.addEventListener("click", () => this.toEnd());
    const grown = new ResizeObserver(() => this.#isFollowing && this.toEnd());
    grown.observe(this.#list);
    grown.observe(this.#pane);
  }

  get isAtEnd(): boolean {
    return this.#isFollowing;
  }

  draw(rows: readonly Row[], typist: string | null, unread: number): void {
    this.#sync(rows);
    this.#pane.classList.toggle("is-begun", rows.length > 0);
    this.#drawTyping(typist);
    this.#jump.hidden = this.#isFollowing;
    const words = unread > 0 ? say("unread.count", { n: unread }) : say("latest");
    if (this.#jump.textContent !== words) this.#jump.replaceChildren(icon("arrow-down"), words);
    if (this.#isFollowing) this.toEnd();
  }

  toEnd(): void {
    this.#isFollowing = true;
    this.#jump.hidden = true;
    if (this.#list.hasChildNodes()) this.#pane.scrollTop = this.#pane.scrollHeight;
    this.atEnd();
  }

  /** Read the new text out, and only that. */
  announce(text: string): void {
    const said = h("p", {}, text);
    this.#live.append(said);
    setTimeout(() => said.remove(), 10_000);
  }

  #sync(rows: readonly Row[]): void {
    const kept = new Set(rows.map((row) => row.id));
    for (const [id, { element }] of this.#drawn) {
      if (kept.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    let place: ChildNode | null = this.#list.firstChild;
    for (const row of rows) {
      const isHere = place !== null && this.#drawn.get(row.id)?.element === place;
      const element = this.#element(row);
      if (isHere) place = element.nextSibling;
      else this.#list.insertBefore(element, place);
    }
  }

  #element(row: Row): HTMLElement {
    const before = this.#drawn.get(row.id);
    const { rest } = this.later;
    const isPartial = !rest && needsRest(row);
    if (isPartial) void this.later.get();
    const sign = isPartial ? `${row.sign}…` : row.sign;
    if (before?.sign === sign) return before.element;
    const element = draw(row, rest, this.acts);
    if (before) before.element.replaceWith(element);
    else element.classList.add("is-new");
    this.#drawn.set(row.id, { sign, element });
    return element;
  }

  #drawTyping(typist: string | null): void {
    this.#typing.hidden = typist === null;
    if (typist !== null)
      part("typing-words").textContent = typist
        ? say("typing", { name: typist })
        : say("typing.someone");
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#pane;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    const size = `${scrollHeight}/${clientHeight}`;
    const isReader = size === this.#size; // else the page grew or shrank, and a follower is taken along
    this.#size = size;
    if (isAtEnd === this.#isFollowing || (!isAtEnd && !isReader)) return;
    this.#isFollowing = isAtEnd;
    this.#jump.hidden = isAtEnd;
    if (isAtEnd) this.atEnd();
  }
}
