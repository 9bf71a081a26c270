// A message that may hold a secret waits here, over the field it was written in, until what is
// found in it is removed, or called harmless where a harmless value can look the same.

import type { Found } from "../guard/found";
import { backoff } from "./backoff";
import type { Check } from "./check";
import { config, has, say } from "./config";
import { h, icon, part } from "./dom";
import { adviceFor, inWords, maskWords } from "./kinds";
import type { Pair } from "./harmless";
import { excerpt, without, type Shown } from "./spans";

export interface HoldListener {
  release(text: string, harmless: readonly Pair[]): void;
  edit(found: Found | null): void; // the first thing found, to be selected
  rewritten(text: string): void; // something is still in it: the field shows what is left
}

const ROLES = {
  checking: { role: "status" },
  unchecked: { role: "alert" },
  found: { role: "alertdialog", "aria-labelledby": "hold-title", "aria-describedby": "hold-why" },
};
const QUIET_MS = 300; // a quick look never flashes

export class Hold {
  readonly #place = part("hold");
  #turn = 0; // counts texts taken and dropped: an answer to an older one is late
  #first: Found | null = null;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: (() => void) | null = null;

  constructor(
    private readonly check: Check,
    private readonly listener: HoldListener,
  ) {
    this.#place.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("online", () => this.retry());
  }

  get isOpen(): boolean {
    return !this.#place.hidden;
  }

  /** Let a text go if nothing is found in it; else show what, and what can be done. */
  take(text: string, harmless: readonly Pair[] = []): void {
    const turn = this.#begin();
    if (this.#tries === 0)
      this.#timer = setTimeout(() => this.#show("checking", say("hold.checking")), QUIET_MS);
    this.check.find(text, harmless).then(
      (found) => turn === this.#turn && this.#settle(text, found, harmless),
      () => turn === this.#turn && this.#fail(text, harmless),
    );
  }

  /** Keep a text that may go: `again` sends it when its files are up. */
  wait(again: () => void): void {
    this.#begin();
    this.#again = again;
    this.#show("checking", say("hold.files"));
  }

  retry(): void {
    this.#again?.();
  }

  /** Forget the text: its author goes on writing. */
  drop(): void {
    this.#begin();
    this.#tries = 0;
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }

  edit(): void {
    const first = this.#first;
    this.drop();
    this.listener.edit(first);
  }

  #begin(): number {
    clearTimeout(this.#timer);
    this.#again = null;
    this.#first = null;
    return ++this.#turn;
  }

  #settle(text: string, found: readonly Found[], harmless: readonly Pair[]): void {
    if (found.length > 0) return this.#ask(text, found, harmless);
    this.drop();
    this.listener.release(text, harmless);
  }

  #fail(text: string, harmless: readonly Pair[]): void {
    this.#begin();
    const again = (): void => this.take(text, harmless);
    this.#again = again;
    this.#timer = setTimeout(again, backoff(this.#tries));
    if (this.#tries++ > 0) return; // that it fails is said once
    const retry = act("is-small", say("retry"), () => {
      this.#tries = 0;
      again();
    });
    this.#show("unchecked", say("hold.unchecked"), retry);
  }

  #ask(text: string, found: readonly Found[], harmless: readonly Pair[]): void {
    this.#begin();
    this.#first = found[0] ?? null;
    const remove = act("is-primary", say("hold.remove"), () => this.#remove(text, found, harmless));
    const edit = act("", say("hold.edit"), () => this.edit());
    const unsure = new Set(found.filter((one) => one.ambiguous).map((one) => one.kind));
    const asserts = [...unsure].map((kind) =>
      act("", harmlessWords(kind), () => this.#callHarmless(text, found, harmless, kind)),
    );
    const ways = h("div", { class: "row" }, remove, edit, ...asserts);
    this.#show("found", ...explanation(text, found), ways);
    if (document.hasFocus()) remove.focus(); // a late answer takes it from no other page
  }

  #remove(text: string, found: readonly Found[], harmless: readonly Pair[]): void {
    const rest = without(text, found, harmless, ({ kind }) => maskWords(kind));
    this.listener.rewritten(rest.text);
    this.take(rest.text, rest.harmless);
  }

  #callHarmless(text: string, found: readonly Found[], harmless: readonly Pair[], kind: string): void {
    const meant = found.filter((one) => one.ambiguous && one.kind === kind);
    this.take(text, [...harmless, ...meant.map(({ start, end }): Pair => [start, end])]);
  }

  #show(says: keyof typeof ROLES, ...content: (HTMLElement | string)[]): void {
    const words = content.map((one) => (typeof one === "string" ? h("p", {}, one) : one));
    const shown = h("section", { class: `hold is-${says}`, ...ROLES[says] }, ...words);
    this.#place.hidden = false;
    this.#place.replaceChildren(shown);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter" && event.repeat) event.preventDefault(); // still the one that sent
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.edit();
  }
}

function explanation(text: string, found: readonly Found[]): HTMLElement[] {
  const what = inWords(found);
  const mayBe = found.every((one) => one.ambiguous);
  const group = adviceFor(found.map((one) => one.kind)) ?? "";
  const why = say(has(`hold.why.${group}`) ? `hold.why.${group}` : "hold.why");
  const check = { href: config.verify, target: "_blank", rel: "noopener" };
  const box = { class: "hold-text", dir: "auto", tabindex: 0, role: "group" };
  return [
    h("h2", { id: "hold-title" }, icon("shield-ban", "is-20"), say("hold.title")),
    h(
      "p",
      { id: "hold-why" },
      h("strong", {}, say(mayBe ? "hold.maybe" : "hold.found", { what })),
      why,
    ),
    h("p", { ...box, "aria-label": say("hold.text") }, ...excerpt(text, found).map(piece)),
    h("p", { class: "hold-asked" }, `${say("hold.asked")} `, h("a", check, say("hold.check"))),
  ];
}

/** What was found is told by an icon, a line and a name, never by colour alone. */
function piece(shown: Shown): Node | string {
  if (shown.is === "words") return shown.text;
  const name = h("span", { class: "sr-only" }, `${inWords([shown.found])}: `);
  const [, first = "", rest = ""] = /^(.{0,3})(.*)$/su.exec(shown.text) ?? [];
  const together = h("span", { class: "nowrap" }, icon("lock"), first); // no line ends after the icon
  return h("mark", {}, name, together, rest);
}

function harmlessWords(kind: string): string {
  return say(has(`hold.harmless.${kind}`) ? `hold.harmless.${kind}` : "hold.harmless");
}

function act(more: string, words: string, done: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: `button ${more}` }, words);
  made.addEventListener("click", done);
  return made;
}
