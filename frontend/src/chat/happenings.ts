// What happened to a conversation beside messages, as values to draw. Pure.

import type { ChatEvent, Person, Step, Team } from "./protocol";

/** What an event is told by. `isLive`: it still stands, and may be acted on. */
export type Happening =
  | { is: "warning"; reasons: readonly string[] }
  | { is: "promise"; kind: string; due: string; isLive: boolean }
  | { is: "escalation"; to: Team; steps: readonly Stage[]; due: string | null }
  | { is: "declined"; who: Person; why: string }
  | { is: "continuation"; choice: string }
  | { is: "idle"; closes: string; isLive: boolean }
  | { is: "topic"; topic: string }
  | { is: "follows"; reference: string };

export interface Stage {
  step: Step;
  at: string;
  who: Person | null;
  why: string;
}

/** Return how an event is told; null: not at all. all: the events of the log, in order. */
export function happening(event: ChatEvent, all: readonly ChatEvent[]): Happening | null {
  const data = event.data ?? {};
  if (event.kind === "warning") return { is: "warning", reasons: data.reasons ?? [] };
  if (event.kind === "escalation") return escalation(event, all);
  if (event.kind === "continuation") return { is: "continuation", choice: data.choice ?? "" };
  if (event.kind === "promise" && data.due_at)
    return {
      is: "promise",
      kind: data.kind ?? "wait",
      due: data.due_at,
      isLive: stands(event, all),
    };
  if (event.kind !== "state") return null;
  if (data.to === "idle" && data.closes_at)
    return { is: "idle", closes: data.closes_at, isLive: stands(event, all) };
  if (data.to === "topic" && data.topic) return { is: "topic", topic: data.topic };
  if (data.to === "open" && data.follows) return { is: "follows", reference: data.follows };
  return null;
}

/** Return the escalation that has not come to an end, as it stands now, or null. */
export function openEscalation(
  all: readonly ChatEvent[],
  conversation: string | undefined,
): ChatEvent | null {
  const last = all
    .filter((event) => event.kind === "escalation" && event.conversation === conversation)
    .at(-1);
  const step = last?.data?.step;
  return last && (step === "requested" || step === "accepted") ? last : null;
}

/** One card for all its steps, where the first stands; a refusal far below it is told there, too. */
function escalation(event: ChatEvent, all: readonly ChatEvent[]): Happening | null {
  const id = event.data?.id;
  const steps = all.filter((one) => one.kind === "escalation" && one.data?.id === id);
  if (event === steps[0]) {
    const stages = steps.map(stage).reduce<Stage[]>(next, []);
    const isOpen = ["requested", "accepted"].includes(stages.at(-1)?.step ?? "");
    const due = isOpen ? dueOf(event, all) : null;
    return { is: "escalation", to: event.data?.to as Team, steps: stages, due };
  }
  const between = all.slice(all.indexOf(steps[0] ?? event), all.indexOf(event));
  const isFar = between.some(({ kind }) => kind === "message");
  if (event.data?.step !== "declined" || !isFar) return null;
  return { is: "declined", who: stage(event).who ?? {}, why: event.text ?? "" };
}

/** When an answer may be counted on: a promise that stands is not undercut by what is aimed at. */
export function dueOf(escalation: ChatEvent, all: readonly ChatEvent[]): string | null {
  const aim = escalation.data?.due_at ?? null;
  const own = all.filter((one) => one.conversation === escalation.conversation);
  const standing = own.filter((one) => one.kind === "promise" && stands(one, all)).at(-1);
  const promised = standing?.data?.due_at;
  return aim && promised && Date.parse(promised) > Date.parse(aim) ? promised : aim;
}

function stage({ at, data, from, text }: ChatEvent): Stage {
  const step = data?.step ?? "requested";
  const who = data?.owner ?? (from.kind === "agent" && step !== "requested" ? from : null);
  return { step, at, who, why: text ?? "" };
}

/** Of those who had it and let it go nothing stays: what counts is who has it now. */
function next(stages: readonly Stage[], stage: Stage): Stage[] {
  const isHandedOn = stages.at(-1)?.step === "accepted";
  const kept = isHandedOn && /requested|accepted/.test(stage.step) ? stages.slice(0, -1) : stages;
  return stage.step === "requested" && kept.length > 0 ? [...kept] : [...kept, stage];
}

/** A promise or a notice stands until somebody acts on it, or a newer one replaces it. */
function stands(event: ChatEvent, all: readonly ChatEvent[]): boolean {
  const ends = event.kind === "promise" ? endsPromise : endsNotice;
  return !all.some(
    (later) => later.conversation === event.conversation && later.seq > event.seq && ends(later),
  );
}

function endsPromise({ kind, from, data }: ChatEvent): boolean {
  const isAnswer = kind === "message" && from.kind === "agent";
  return isAnswer || kind === "promise" || (kind === "state" && data?.to === "closed");
}

function endsNotice({ kind, data }: ChatEvent): boolean {
  return kind === "message" || (kind === "state" && data?.to !== "topic");
}
