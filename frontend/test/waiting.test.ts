import assert from "node:assert/strict";
import { test } from "node:test";
import type { Wait } from "../src/chat/protocol";
import { range, view } from "../src/chat/waiting";

const NOW = Date.parse("2026-11-01T10:00:00Z");
const wait = (more: Partial<Wait> = {}): Wait => ({
  conversation: "a",
  position: 3,
  low: 120,
  high: 290,
  by: null,
  peak: false,
  offers: [],
  ...more,
});

const RANGES: [low: number, high: number, unit: string, from: number, to: number][] = [
  [0, 0, "minutes", 0, 1],
  [0, 20, "minutes", 0, 1],
  [59, 61, "minutes", 0, 2],
  [120, 120, "minutes", 2, 2],
  [125, 290, "minutes", 2, 5],
  [840, 900, "minutes", 14, 15],
  [840, 901, "minutes", 10, 20],
  [1500, 3000, "minutes", 25, 50],
  [3599, 5400, "minutes", 55, 90],
  [3000, 5401, "hours", 0, 2],
  [3600, 7201, "hours", 1, 3],
];

for (const [low, high, unit, from, to] of RANGES)
  test(`from ${low} to ${high} seconds is ${from} to ${to} ${unit}`, () => {
    assert.deepEqual(range(low, high), { unit, low: from, high: to });
  });

test("what is told always holds what was estimated", () => {
  for (let low = 0; low < 20_000; low += 37)
    for (const length of [0, 1, 59, 60, 61, 600, 4_000]) {
      const told = range(low, low + length);
      const size = told.unit === "minutes" ? 60 : 3600;
      assert.ok(told.low * size <= low, `${low}`);
      assert.ok(told.high * size >= low + length, `${low} ${length}`);
      assert.ok(told.low <= told.high);
    }
});

test("nothing is told while all is as usual and nobody waits", () => {
  assert.equal(view(null, {}, false, NOW), null);
  assert.equal(view(null, { hours: { open: true } }, false, NOW), null);
});

test("a closed desk says so before the first message, and not once somebody answers", () => {
  const hours = { open: false, opens_at: "2026-11-02T01:00:00Z" };
  const told = view(null, { hours }, false, NOW);
  assert.equal(told?.isClosed, true);
  assert.equal(told?.opens, hours.opens_at);
  assert.equal(view(null, { hours }, true, NOW), null);
});

test("a page that stayed open past the opening does not say closed", () => {
  const hours = { open: false, opens_at: "2026-11-01T09:59:00Z" };
  assert.equal(view(null, { hours }, false, NOW), null);
});

test("a place with figures tells both, also while the desk is closed for newcomers", () => {
  const told = view(wait({ peak: true }), { hours: { open: false } }, true, NOW);
  assert.deepEqual(told?.range, { unit: "minutes", low: 2, high: 5 });
  assert.deepEqual([told?.place, told?.isPeak, told?.isClosed], [3, true, false]);
});

test("a place without figures says that nobody is there, and when somebody comes", () => {
  const unknown = wait({ low: null, high: null, by: "2026-11-02T02:00:00Z" });
  const hours = { open: false, opens_at: "2026-11-02T01:00:00Z" };
  const closed = view(unknown, { hours }, true, NOW);
  assert.deepEqual([closed?.range, closed?.isClosed, closed?.by], [null, true, unknown.by]);
  assert.equal(closed?.opens, hours.opens_at);
  const open = view(unknown, { hours: { open: true } }, true, NOW);
  assert.deepEqual([open?.isClosed, open?.opens], [true, null]);
});
