import assert from "node:assert/strict";
import { test } from "node:test";
import { happening, openEscalation, type Happening } from "../src/chat/happenings";
import type { ChatEvent, EventData } from "../src/chat/protocol";

const MAYA = { name: "Maya", badge: "A-20417" };
const ADAM = { name: "Adam", badge: "A-20512" };

function log(...parts: Partial<ChatEvent>[]): ChatEvent[] {
  return parts.map((part, at) => ({
    conversation: "a",
    seq: at + 1,
    kind: "message",
    at: `2026-11-01T10:0${at}:00Z`,
    from: { kind: "customer" },
    ...part,
  }));
}

const step = (data: EventData, more: Partial<ChatEvent> = {}): Partial<ChatEvent> => ({
  kind: "escalation",
  data: { id: "e", to: "senior", ...data },
  ...more,
});
const requested = step({ step: "requested", due_at: "2026-11-01T10:15:00Z" });
const accepted = step({ step: "accepted", owner: MAYA });
const told = (all: ChatEvent[]) => all.map((event) => happening(event, all));
const card = (all: ChatEvent[]) => told(all)[0] as Extract<Happening, { is: "escalation" }>;

test("the steps of an escalation are one card where it was requested", () => {
  const all = log(requested, accepted, step({ step: "answered", owner: MAYA }));
  const [first, ...others] = told(all);
  assert.equal(first?.is, "escalation");
  assert.deepEqual(others, [null, null]);
  assert.deepEqual(
    card(all).steps.map(({ step, who }) => [step, who?.name ?? null]),
    [["requested", null], ["accepted", "Maya"], ["answered", "Maya"]],
  );
});

test("a card has a time while it is open, and none afterwards", () => {
  assert.equal(card(log(requested, accepted)).due, "2026-11-01T10:15:00Z");
  assert.equal(card(log(requested, step({ step: "withdrawn" }))).due, null);
});

test("a card names no time before the one that was promised", () => {
  const promised = (due_at: string): Partial<ChatEvent> => ({ kind: "promise", data: { due_at } });
  const later = promised("2026-11-01T10:22:00+00:00");
  assert.equal(card(log(requested, later)).due, later.data?.due_at);
  assert.equal(card(log(requested, promised("2026-11-01T10:09:00+00:00"))).due, requested.data?.due_at);
  const answer: Partial<ChatEvent> = { from: { kind: "agent", ...MAYA }, text: "I look." };
  assert.equal(card(log(requested, later, answer)).due, requested.data?.due_at);
});

test("who let the case go is not shown as having it", () => {
  const again = step({ step: "requested" });
  assert.deepEqual(card(log(requested, accepted, again)).steps.map((one) => one.step), ["requested"]);
  const adams = step({ step: "accepted", owner: ADAM });
  const handed = card(log(requested, accepted, again, adams));
  assert.deepEqual(handed.steps.map((one) => one.who?.name), [undefined, "Adam"]);
});

test("a refusal is told with its reason on the card and where it came", () => {
  const all = log(
    requested,
    { text: "any news?" },
    step({ step: "declined", owner: MAYA }, { text: "It is with the bank.", from: { kind: "agent", ...MAYA } }),
  );
  assert.equal(card(all).steps.at(-1)?.why, "It is with the bank.");
  assert.deepEqual(told(all)[2], { is: "declined", who: MAYA, why: "It is with the bank." });
});

test("two escalations are two cards, and only the last can be open", () => {
  const all = log(requested, step({ step: "withdrawn" }), step({ id: "f", step: "requested" }));
  assert.deepEqual(told(all).map((one) => one?.is ?? null), ["escalation", null, "escalation"]);
  assert.equal(openEscalation(all, "a")?.data?.id, "f");
  assert.equal(openEscalation(all, "b"), null);
  assert.equal(openEscalation(all.slice(0, 2), "a"), null);
});

const promise = (kind: string): Partial<ChatEvent> => ({
  kind: "promise",
  from: { kind: "system" },
  data: { kind, due_at: "2026-11-01T10:35:00Z" },
});
const standing = (all: ChatEvent[]) =>
  told(all).flatMap((one) => (one && "isLive" in one ? one.isLive : []));

test("a promise stands until it is renewed or kept, not until the customer writes again", () => {
  assert.deepEqual(standing(log(promise("wait"), { text: "hello?" })), [true]);
  assert.deepEqual(standing(log(promise("wait"), promise("renewed"))), [false, true]);
  assert.deepEqual(standing(log(promise("wait"), { from: { kind: "agent" } })), [false]);
});

test("the notice of an end stands until anybody says a word", () => {
  const idle: Partial<ChatEvent> = {
    kind: "state",
    from: { kind: "system" },
    data: { to: "idle", closes_at: "2026-11-02T10:00:00Z" },
  };
  assert.deepEqual(standing(log(idle)), [true]);
  assert.deepEqual(standing(log(idle, { text: "I am here" })), [false]);
  assert.deepEqual(standing(log(idle, { kind: "state", data: { to: "closed" } })), [false]);
});

test("an event that this page cannot read is not told", () => {
  const all = log(
    { kind: "state", data: { to: "idle" } },
    { kind: "promise", data: {} },
    { kind: "state", data: { to: "open" } },
    { kind: "state", data: { to: "open", follows: "K7F3-92QE" } },
  );
  assert.deepEqual(told(all), [null, null, null, { is: "follows", reference: "K7F3-92QE" }]);
});
