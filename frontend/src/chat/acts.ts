// What the customer may ask of the desk from the menu: somebody else, or no more. One tap each;
// the log shows what came of it.

import { say } from "./config";
import { moment } from "./format";
import { dueOf, openEscalation } from "./happenings";
import type { About, ChatEvent } from "./protocol";
import type { Session } from "./session";

const PATIENCE_MS = 10_000; // then it may be asked again

const ACTS: Readonly<Record<string, About>> = {
  senior: { type: "escalate", to: "senior" },
  technical: { type: "escalate", to: "technical" },
  solve: { type: "solve" },
};

export class Acts {
  #asked = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly session: () => Session | null,
    private readonly notice: (text: string) => void,
  ) {
    for (const item of this.#items()) item.addEventListener("click", () => this.#tap(item));
  }

  /** Say that the customer is done. */
  solve(): void {
    this.#ask("solve", { type: "solve" });
  }

  /** Have the answer come in the app. */
  leave(): void {
    this.#ask("leave", { type: "continue", by: "app" });
  }

  /** Draw which act is open, and why another is not. */
  draw(): void {
    const session = this.session();
    const events = session?.log.all() ?? [];
    const escalated = openEscalation(events, session?.conversation?.id);
    const isOpen = session?.conversation?.status === "open";
    for (const item of this.#items()) {
      const name = item.dataset["act"] ?? "";
      const isUnderWay = escalated?.data?.to === name;
      const isPointless = name === "solve" ? !isOpen : escalated !== null;
      if (isPointless) this.#settle(name);
      item.setAttribute("aria-disabled", String(isPointless || this.#asked.has(name)));
      this.#note(item, escalated && isUnderWay ? this.#state(escalated, events) : "");
    }
  }

  #state(escalated: ChatEvent, all: readonly ChatEvent[]): string {
    const word = say(escalated.data?.step === "accepted" ? "act.accepted" : "act.asked");
    const time = dueOf(escalated, all);
    const due = time ? say("escalation.due", { time: moment(time) }) : "";
    return [word, due].filter(Boolean).join(" · ");
  }

  #note(item: HTMLElement, words: string): void {
    const place = item.querySelector<HTMLElement>(".menu-note");
    if (!place) return;
    place.hidden = words === "";
    if (place.textContent !== words) place.textContent = words;
  }

  #tap(item: HTMLElement): void {
    const name = item.dataset["act"] ?? "";
    const about = ACTS[name];
    if (about && item.getAttribute("aria-disabled") !== "true") this.#ask(name, about);
  }

  #ask(name: string, about: About): void {
    const session = this.session();
    if (!session?.isUp) return this.notice(say("act.offline"));
    session.tell(about);
    this.#settle(name);
    const again = setTimeout(() => this.#settle(name), PATIENCE_MS);
    this.#asked.set(name, again);
    this.draw();
  }

  #settle(name: string): void {
    clearTimeout(this.#asked.get(name));
    this.#asked.delete(name);
  }

  #items(): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>("[data-act]")];
  }
}

