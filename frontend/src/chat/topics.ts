// The topics before the first message: choosing one is optional, and tells what helps to know.

import { config } from "./config";
import { part } from "./dom";

export class Topics {
  chosen: string | null = null;
  readonly #place = part("topics");

  constructor(private readonly changed: () => void) {
    this.#place.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const { topic } = button.dataset;
      if (topic) this.#choose(topic === this.chosen ? null : topic);
      else this.#showAll(button);
    });
  }

  #choose(topic: string | null): void {
    this.chosen = topic;
    for (const button of this.#place.querySelectorAll<HTMLElement>("[data-topic]"))
      button.setAttribute("aria-pressed", String(button.dataset["topic"] === topic));
    const { hints } = config.topics.find(({ id }) => id === topic) ?? config;
    for (const item of document.querySelectorAll<HTMLElement>("[data-hint]"))
      item.hidden = !hints.includes(item.dataset["hint"] ?? "");
    this.changed();
  }

  #showAll(more: HTMLElement): void {
    const hidden = [...this.#place.querySelectorAll<HTMLElement>("[hidden]")];
    for (const one of hidden) one.hidden = false;
    more.remove();
    hidden[0]?.querySelector("button")?.focus();
  }
}
