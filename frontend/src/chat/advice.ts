// What the customer should do after a secret was removed, and words for what the desk warns of.

import type { Acts } from "./bubbles";
import { config, has, say } from "./config";
import { h, icon } from "./dom";

/** Return the steps for a group of secrets, folded if the customer folded them before. */
export function advice(group: string, acts: Acts): HTMLElement {
  const steps: HTMLElement[] = [];
  for (let at = 1; has(`guard.advice.${group}.do.${at}`); at++)
    steps.push(h("li", {}, say(`guard.advice.${group}.do.${at}`)));
  const title = h(
    "summary",
    {},
    icon("shield-check"),
    say(`guard.advice.${group}.title`),
    icon("chevron-down"),
  );
  const made = h("details", { class: "advice" }, title, h("ol", {}, ...steps), official());
  made.open = !acts.isFolded(group);
  made.addEventListener("toggle", () => acts.fold(group, !made.open));
  return made;
}

/** Return the text of a reason such as `scam.fee`, of its family, or of any. */
export function warningWords(reason: string): string {
  const family = reason.split(".")[0] ?? "";
  const key = [reason, family].find((name) => has(`guard.warning.${name}`)) ?? "other";
  return say(`guard.warning.${key}`);
}

/** Links to this desk's own pages, the only ones that are safe to follow now. */
export function official(): HTMLElement {
  const to = (href: string, words: string): HTMLElement =>
    h("a", { href, target: "_blank", rel: "noopener" }, words);
  return h(
    "p",
    { class: "official" },
    to(config.verify, say("guard.link.verify")),
    to(config.contact, say("guard.link.contact")),
  );
}
