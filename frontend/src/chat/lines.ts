// What happened beside messages, as elements: warnings, promises, the way of an escalation, the end.

import { official, warningWords } from "./advice";
import { plain, verified } from "./bubbles";
import { config, has, say } from "./config";
import { h, icon } from "./dom";
import { clock, moment } from "./format";
import type { Happening, Stage } from "./happenings";
import type { Person, Step } from "./protocol";

export interface LineActs {
  stillHere(): void; // the customer needs more help
  solve(): void;
}

type What<Is extends Happening["is"]> = Extract<Happening, { is: Is }>;

/** Return the row of a happening. */
export function drawn(what: Happening, acts: LineActs): HTMLElement {
  if (what.is === "warning") return warning(what);
  if (what.is === "promise") return promise(what);
  if (what.is === "escalation") return escalation(what);
  if (what.is === "idle") return idle(what, acts);
  if (what.is === "declined") return note("circle-x", words(what), what.why);
  if (what.is === "continuation") return plain("bell", words(what));
  if (what.is === "topic") return plain("tag", words(what));
  return plain("corner-down-right", words(what));
}

/** Return what happened in words: what is read out, and most of what is drawn. */
export function words(what: Happening): string {
  if (what.is === "warning") return [...new Set(what.reasons.map(warningWords))].join(" ");
  if (what.is === "promise") {
    const kind = has(`promise.${what.kind}`) ? what.kind : "wait";
    return say(`promise.${kind}`, { time: moment(what.due) });
  }
  if (what.is === "escalation") return escalationWords(what);
  if (what.is === "declined") return say("escalation.said_no", { name: named(what.who) });
  if (what.is === "continuation") return say(`continuation.${what.choice}`);
  if (what.is === "idle") return say("idle", { time: moment(what.closes) });
  if (what.is === "topic") return say("about", { topic: topicWords(what.topic) });
  return say("follows", { reference: what.reference });
}

/** Return the name of a topic's family; a page of today may not know the topic itself. */
function topicWords(topic: string): string {
  const family = topic.split(".")[0];
  return config.topics.find(({ id }) => id === topic || id === family)?.label ?? topic;
}

function warning({ reasons }: What<"warning">): HTMLElement {
  const said = [...new Set(reasons.map(warningWords))];
  return h(
    "li",
    { class: "warning" },
    icon("triangle-alert", "is-20"),
    h(
      "div",
      {},
      h("p", { class: "warning-title" }, say("guard.warning.title")),
      ...said.map((text) => h("p", {}, text)),
      official(),
    ),
  );
}

function promise(what: What<"promise">): HTMLElement {
  if (what.kind !== "renewed") return plain("clock", words(what));
  return note("clock-alert", words(what), what.isLive ? say("promise.alternatives") : "");
}

function escalation(what: What<"escalation">): HTMLElement {
  const last = what.steps.at(-1)?.step ?? "requested";
  return h(
    "li",
    { class: `steps is-${last}` },
    h(
      "p",
      { class: "steps-title" },
      icon("chevrons-up", "is-20"),
      h("strong", {}, say(`escalation.to.${what.to}`)),
      what.due && h("span", { class: "num" }, say("escalation.due", { time: moment(what.due) })),
    ),
    h("ol", { class: "steps-list" }, ...what.steps.map(stage), ...ahead(last)),
  );
}

function stage({ step, at, who, why }: Stage): HTMLElement {
  const mark = { requested: "circle-check", accepted: "user-round-check", answered: "circle-check" };
  return h(
    "li",
    { class: `step is-${step}` },
    icon({ ...mark, declined: "circle-x", withdrawn: "circle-x" }[step]),
    h(
      "span",
      {},
      say(`escalation.${step}`, { name: who ? named(who) : say("agent") }),
      who?.badge && verified(who.badge, who.name ?? ""),
      why !== "" && h("q", {}, why),
    ),
    h("time", { datetime: at }, clock(at)),
  );
}

/** What is still to come, so that nobody wonders what happens next. */
function ahead(last: Step): HTMLElement[] {
  const coming = { requested: ["accept", "answer"], accepted: ["answer"] }[last as string] ?? [];
  return coming.map((step) =>
    h("li", { class: "step is-ahead" }, icon("circle"), h("span", {}, say(`escalation.next.${step}`))),
  );
}

function escalationWords({ to, steps }: What<"escalation">): string {
  const { step, who } = steps.at(-1) ?? { step: "requested", who: null };
  const name = who ? named(who) : say("agent");
  return `${say(`escalation.to.${to}`)}: ${say(`escalation.${step}`, { name })}`;
}

function idle(what: What<"idle">, acts: LineActs): HTMLElement {
  const still = act("message-circle", say("idle.still"), acts.stillHere);
  const solved = act("check", say("idle.solved"), acts.solve);
  return note("clock", words(what), what.isLive ? h("div", { class: "row" }, still, solved) : "");
}

function note(mark: string, text: string, more: HTMLElement | string): HTMLElement {
  const below = typeof more === "string" && more !== "" ? h("p", {}, more) : more;
  return h("li", { class: "note" }, icon(mark), h("div", {}, h("p", {}, text), below));
}

function named({ name, badge }: Person): string {
  return name ?? badge ?? say("agent");
}

function act(mark: string, text: string, done: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: "button is-small" }, icon(mark), text);
  made.addEventListener("click", done);
  return made;
}
