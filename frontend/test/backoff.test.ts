import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "../src/chat/backoff";

for (const [tries, least, most] of [
  [0, 250, 500],
  [1, 500, 1000],
  [6, 15_000, 30_000],
  [500, 15_000, 30_000],
] as const) {
  test(`try ${tries} waits between ${least} and ${most} ms`, () => {
    assert.equal(
      backoff(tries, () => 0),
      least,
    );
    assert.equal(
      backoff(tries, () => 1),
      most,
    );
  });
}
