// The panel above the field while the conversation has no agent: place, time, what to do meanwhile.

import { config, say } from "./config";
import { h, icon, part } from "./dom";
import { moment } from "./format";
import type { Range, View } from "./waiting";

export interface PanelListener {
  leave(): void; // the answer is to come in the app
  suggest(words: string): void;
  announce(text: string): void;
}

const ORDINAL = new Intl.PluralRules(config.lang, { type: "ordinal" });

export class Panel {
  readonly #place = part("wait");
  readonly #hints = h("details", { class: "wait-hints" });
  readonly #leave = h(
    "button",
    { type: "button", class: "button is-small" },
    icon("bell"),
    say("wait.leave"),
  );
  #topic: string | null | undefined; // of the hints drawn
  #sign = "";
  #said = "";

  constructor(private readonly listener: PanelListener) {
    this.#leave.addEventListener("click", () => {
      this.#leave.setAttribute("aria-busy", "true");
      listener.leave();
    });
  }

  /** Draw what there is to tell; left: the customer has said that they will not wait here. */
  draw(view: View | null, topic: string | null, left: boolean): void {
    const sign = JSON.stringify([view, topic, left]);
    if (sign === this.#sign) return;
    this.#sign = sign;
    this.#place.hidden = view === null;
    this.#leave.removeAttribute("aria-busy");
    if (!view) {
      this.#said = "";
      return this.#place.replaceChildren();
    }
    const had = this.#place.contains(document.activeElement) ? document.activeElement : null;
    this.#place.replaceChildren(this.#section(view, topic, left));
    if (had instanceof HTMLElement && had.isConnected) had.focus();
    this.#tell(view);
  }

  #section(view: View, topic: string | null, left: boolean): HTMLElement {
    const classes = ["wait", view.isClosed && "is-closed", view.isPeak && "is-peak"];
    return h(
      "section",
      { class: classes.filter(Boolean).join(" "), "aria-label": say("wait.label") },
      view.isPeak && h("p", { class: "wait-peak" }, icon("users-round"), say("wait.peak")),
      (view.place !== null || view.isClosed) && title(view),
      h("p", { class: "wait-note" }, ...notes(view).map((note) => h("span", {}, note))),
      view.place !== null && this.#acts(view, topic, left),
    );
  }

  #acts(view: View, topic: string | null, left: boolean): HTMLElement {
    return h(
      "div",
      { class: "wait-acts" },
      this.#drawHints(topic),
      left
        ? h("p", { class: "wait-left" }, icon("circle-check"), say("wait.left"))
        : view.offers.includes("app") && this.#leave,
    );
  }

  /** What helps meanwhile. A tap begins a line of it in the field. */
  #drawHints(topic: string | null): HTMLElement {
    if (topic === this.#topic) return this.#hints;
    this.#topic = topic;
    const { hints } = config.topics.find(({ id }) => id === topic) ?? config;
    const summary = h("summary", {}, say("wait.hints"), icon("chevron-down"));
    this.#hints.replaceChildren(
      summary,
      h("ul", { class: "wait-list" }, ...hints.map((hint) => h("li", {}, this.#hint(hint)))),
    );
    return this.#hints;
  }

  #hint(hint: string): HTMLElement {
    const words = say(`hint.${hint}`);
    const mark = icon(hint === "screen" ? "paperclip" : "plus");
    const made = h("button", { type: "button", class: "hint-chip" }, mark, words);
    made.addEventListener("click", () => {
      if (hint === "screen") part("attach").click();
      else this.listener.suggest(say("hint.begun", { what: words }));
    });
    return made;
  }

  /** Read out place and time when their words change. The log tells what is promised. */
  #tell(view: View): void {
    const words = [view.isPeak ? say("wait.peak") : "", ...titles(view), opens(view)];
    const said = words.filter(Boolean).join(" ");
    if (said === this.#said) return;
    this.#said = said;
    this.listener.announce(said);
  }
}

function title(view: View): HTMLElement {
  const [first = "", second = ""] = titles(view);
  return h(
    "p",
    { class: "wait-title" },
    icon(view.isClosed ? "moon" : "clock"),
    h("strong", {}, first),
    second && h("span", { class: "num" }, second),
  );
}

function titles(view: View): string[] {
  if (view.isClosed) return [say("wait.closed"), view.place ? place(view.place) : ""];
  if (view.place === null) return [];
  return [place(view.place), view.range ? rangeWords(view.range) : ""];
}

function place(at: number): string {
  if (at === 1) return say("wait.next");
  return say(`wait.place.${ORDINAL.select(at)}`, { n: at, ahead: at - 1 });
}

function rangeWords({ unit, low, high }: Range): string {
  const how = low === 0 ? "under" : low === high ? "about" : "range";
  return say(`wait.${unit}.${how}`, { low, high });
}

function notes(view: View): string[] {
  const by = view.by ? say("wait.by", { time: moment(view.by) }) : "";
  const kept = view.place !== null ? say("wait.kept") : view.isClosed ? say("wait.write") : "";
  return [opens(view), by, kept].filter(Boolean);
}

function opens({ opens: at }: View): string {
  return at ? say("wait.opens", { time: moment(at) }) : "";
}
