// One row of the thread as elements.

import { config, say } from "./config";
import { h, icon, link } from "./dom";
import { maskWords } from "./kinds";
import type { Person } from "./protocol";
import type { Rest } from "./rest";
import type { Line, Message, Row, Status } from "./rows";
import { linked, pieces, type Piece } from "./text";

export interface Acts {
  edit(key: string): void;
  remove(key: string): void;
  copy(text: string, button: HTMLElement): void;
  isFolded(advice: string): boolean;
  fold(advice: string, isFolded: boolean): void;
}

const MARKS: Readonly<Record<Status, string>> = {
  sending: "clock",
  kept: "clock",
  refused: "circle-alert",
  delivered: "check",
  seen: "check-check",
};

/** Return the row as far as it can be drawn: what needs the rest comes with it. */
export function draw(row: Row, rest: Rest | null, acts: Acts): HTMLElement {
  return row.what.is === "message" ? message(row.what, rest, acts) : line(row.what, rest, acts);
}

function message(what: Message, rest: Rest | null, acts: Acts): HTMLElement {
  const parts = what.isStored ? pieces(what.text) : linked(what.text);
  const bubble = h("div", { class: "bubble" }, ...parts.map(piece));
  const classes = [
    "message",
    what.mine ? "is-mine" : "is-desk",
    what.opens && "is-first",
    what.closes && "is-last",
    what.status && `is-${what.status}`,
  ];
  return h(
    "li",
    { class: classes.filter(Boolean).join(" ") },
    what.opens &&
      (what.mine ? h("span", { class: "sr-only" }, `${say("you")}: `) : author(what.author)),
    what.text !== "" && bubble,
    ...(rest ? what.files.map((file) => rest.media.draw(file)) : []),
    what.removed &&
      h("p", { class: "aside" }, icon("shield-check"), say(`removed.${what.removed}`)),
    foot(what),
    what.advice !== undefined && rest?.advice(what.advice),
    what.refused !== undefined && refusal(what, what.refused, acts),
  );
}

function author(person: Person): HTMLElement {
  return h(
    "p",
    { class: "author" },
    person.name ?? say("agent"),
    person.badge ? verified(person.badge, person.name ?? "") : null,
  );
}

/** The badge number, leading to the page where anybody can check it. */
export function verified(badge: string, name: string): HTMLElement {
  const target = h("a", {
    class: "verified",
    href: `${config.verify}?q=${encodeURIComponent(badge)}`,
    target: "_blank",
    rel: "noopener",
  });
  target.append(icon("badge-check"), badge);
  target.setAttribute("aria-label", `${badge}, ${say("verify.agent", { name: name || badge })}`);
  target.title = say("verify.agent", { name: name || badge });
  return target;
}

function piece(part: Piece): Node | string {
  if (part.is === "words") return part.text;
  if (part.is === "link") return link(part.text, part.text);
  return h("span", { class: "mask" }, maskWords(part.kind, part.detail));
}

function foot(what: Message): HTMLElement | null {
  if (!what.closes && !what.spellsStatus && !what.status) return null;
  const spelled = what.spellsStatus || what.status === "kept" || what.status === "refused";
  const time = h("time", { datetime: what.at }, what.time);
  if (!what.status) return h("p", { class: "foot" }, time);
  const word = h("span", spelled ? {} : { class: "sr-only" }, say(`status.${what.status}`));
  const isQuiet = !what.closes && !spelled;
  return h("p", { class: isQuiet ? "foot sr-only" : "foot" }, time, word, icon(MARKS[what.status]));
}

function refusal(what: Message, why: string, acts: Acts): HTMLElement {
  const edit = h("button", { type: "button", class: "button is-small" }, say("status.edit"));
  const remove = h(
    "button",
    { type: "button", class: "button is-small is-quiet" },
    say("status.remove"),
  );
  edit.addEventListener("click", () => acts.edit(what.key));
  remove.addEventListener("click", () => acts.remove(what.key));
  return h(
    "div",
    { class: "refusal", role: "alert" },
    h("p", {}, why),
    h("div", { class: "row" }, edit, remove),
  );
}

function line(what: Line, rest: Rest | null, acts: Acts): HTMLElement {
  if (what.is === "day") return h("li", { class: "rule" }, h("span", {}, what.text));
  if (what.is === "unread")
    return h("li", { class: "rule is-unread" }, h("span", {}, say("unread")));
  if (what.is === "reference") return reference(what.reference, acts);
  if (what.is === "agent") return agent(what.agent, what.from);
  if (what.is === "closed") return plain("circle-check", say(what.solved ? "solved" : "closed"));
  if (what.is === "reopened") return plain("rotate-ccw", say("reopened"));
  return (what.is !== "later" && rest?.draw(what)) || h("li", { hidden: "" });
}

/** A line of one mark and a few words. */
export function plain(mark: string, ...words: (Node | string)[]): HTMLElement {
  return h("li", { class: "line" }, icon(mark), h("span", {}, ...words));
}

function reference(number: string, acts: Acts): HTMLElement {
  const copy = h(
    "button",
    { type: "button", class: "copy", "aria-label": `${number}, ${say("reference.copy")}` },
    icon("copy"),
    h("span", { class: "mono" }, number),
  );
  copy.title = say("reference.copy");
  copy.addEventListener("click", () => acts.copy(number, copy));
  return h("li", { class: "line is-reference" }, h("span", {}, say("reference")), copy);
}

function agent(now: Person | null, before: Person | null): HTMLElement {
  const values = { name: now?.name ?? say("agent"), from: before?.name ?? "" };
  const key = now ? (before?.name ? "agent.took_over" : "agent.joined") : "agent.left";
  return h(
    "li",
    { class: "line" },
    icon(now ? "user-round-check" : "user-round"),
    h("span", {}, say(key, values)),
    now?.badge ? verified(now.badge, values.name) : null,
  );
}
