import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../src/chat/log";
import type { ChatEvent } from "../src/chat/protocol";

const said = (seq: number, text = `line ${seq}`, conversation = "a"): ChatEvent => ({
  conversation,
  seq,
  kind: "message",
  at: "2026-11-01T10:00:00Z",
  from: { kind: "agent" },
  text,
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
  log.blank("a", 1);
  assert.deepEqual(texts(log), [""]);
  assert.equal(log.add(said(1, "⟪wif⟫")), "changed");
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
