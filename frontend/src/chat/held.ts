// The hold, as the composer knows it: it comes with the first text that has to wait.

import { part } from "./dom";
import type { Later } from "./later";

export class Held {
  readonly #send = part("send");
  #turn = 0; // counts texts taken and dropped: a hold that comes for an older one is late

  constructor(private readonly later: Later) {}

  get isOpen(): boolean {
    return !part("hold").hidden;
  }

  /** Let a text go if nothing is found in it; else show what, and what can be done. */
  take(text: string): void {
    const turn = this.#next();
    if (!this.later.rest) this.#send.setAttribute("aria-busy", "true");
    void this.later.get().then(({ hold }) => {
      if (turn !== this.#turn) return;
      this.#send.removeAttribute("aria-busy");
      hold.take(text);
    });
  }

  /** Keep a text that may go: `again` sends it when its files are up. */
  wait(again: () => void): void {
    void this.later.get().then(({ hold }) => hold.wait(again));
  }

  retry(): void {
    this.later.rest?.hold.retry();
  }

  /** Forget the text: its author goes on writing. */
  drop(): void {
    this.#next();
    this.later.rest?.hold.drop();
  }

  edit(): void {
    this.later.rest?.hold.edit();
  }

  #next(): number {
    this.#send.removeAttribute("aria-busy");
    return ++this.#turn;
  }
}
