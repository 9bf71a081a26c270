import assert from "node:assert/strict";
import { test } from "node:test";
import { isNews, Log } from "../src/chat/log";
import type { ChatEvent } from "../src/chat/protocol";

const said = (seq: number, text = `line ${seq}`, conversation = "a"): ChatEvent => ({
  conversation,
  seq,
  kind: "message",
  at: "2026-11-01T10:00:00Z",
  from: { kind: "agent" },
  text,
});
const redaction = (seq: number, replaced: number): ChatEvent => ({
  ...said(seq),
  kind: "redaction",
  data: { seq: replaced },
});
const texts = (log: Log) => log.all().map((event) => event.text);

test("an event that comes twice shows once", () => {
  const log = new Log();
  assert.equal(log.add(said(1)), "new");
  assert.equal(log.add(said(1)), "same");
  assert.deepEqual(texts(log), ["line 1"]);
});

test("a receipt does not hide the event that was under way before it", () => {
  const log = new Log();
  log.add(said(1));
  log.addReceipt(said(3));
  assert.equal(log.cursor("a"), 1);
  log.add(said(2));
  assert.deepEqual(texts(log), ["line 1", "line 2", "line 3"]);
});

test("a resent event replaces a redacted text", () => {
  const log = new Log();
  log.add(said(1, "secret"));
  assert.equal(log.redact(redaction(2, 1)), true);
  assert.deepEqual(texts(log), [""]);
  assert.equal(log.add(said(1, "⟪wif⟫")), "changed");
});

test("what was blanked is asked for again, from the first, until it came", () => {
  const log = new Log();
  for (const seq of [1, 2, 3, 4]) log.add(said(seq));
  assert.equal(log.redact(redaction(5, 3)), true);
  assert.equal(log.redact(redaction(6, 2)), true);
  assert.equal(log.redact(redaction(7, 9)), false);
  assert.equal(log.cursor("a"), 1);
  assert.deepEqual(log.behind({ a: 4 }), ["a"]);
  log.add(said(2, "my ⟪otp⟫"));
  assert.equal(log.cursor("a"), 2);
  log.add(said(3, "⟪otp⟫"));
  assert.equal(log.cursor("a"), 4);
  assert.deepEqual(texts(log), ["line 1", "my ⟪otp⟫", "⟪otp⟫", "line 4"]);
});

test("what came since a redaction is shown at once, what came before it is not", () => {
  const log = new Log();
  log.add(said(1));
  assert.equal(log.ask("a", 4), 1);
  log.add(said(2, "my code is ⟪otp⟫ thanks"));
  assert.equal(log.redact(redaction(3, 2)), false);
  assert.equal(log.redact(redaction(4, 1)), true, "it is from before the connection was lost");
  assert.equal(log.redact(redaction(5, 2)), true, "it was replaced after it was sent");
  assert.equal(log.ask("a", 5), 0);
});

test("a head beyond the cursor means we are behind, until caught up", () => {
  const log = new Log();
  log.add(said(4));
  assert.deepEqual(log.behind({ a: 6 }), ["a"]);
  log.reached("a", 6);
  assert.deepEqual(log.behind({ a: 6 }), []);
});

test("a second conversation follows the first", () => {
  const log = new Log();
  log.add(said(9));
  log.add(said(1, "new", "b"));
  assert.deepEqual(texts(log), ["line 9", "new"]);
});

test("an answer and bad news call the customer back, their own acts and the rest do not", () => {
  const told = (kind: ChatEvent["kind"], data: ChatEvent["data"], from: ChatEvent["from"]) =>
    isNews({ ...said(1), kind, from, ...(data && { data }) });
  assert.equal(told("message", undefined, { kind: "agent" }), true);
  assert.equal(told("message", undefined, { kind: "customer" }), false);
  assert.equal(told("promise", { kind: "renewed" }, { kind: "system" }), true);
  assert.equal(told("promise", { kind: "wait" }, { kind: "system" }), false);
  assert.equal(told("state", { to: "idle" }, { kind: "system" }), true);
  assert.equal(told("escalation", { step: "declined" }, { kind: "agent" }), true);
  assert.equal(told("escalation", { step: "accepted" }, { kind: "system" }), false);
  assert.equal(told("redaction", { kind: "otp", seq: 1 }, { kind: "system" }), false);
});
