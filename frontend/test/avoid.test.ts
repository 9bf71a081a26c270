import assert from "node:assert/strict";
import { test } from "node:test";
import { shift } from "../src/widget/avoid";

const launcher = { left: 240, top: 488, width: 56, height: 56 };
const buy = { left: 16, top: 500, width: 288, height: 48 };

test("a launcher in the clear stays", () => assert.equal(shift(launcher, [], -1, 568), 0));

test("a launcher moves above the host's button", () => {
  assert.equal(shift(launcher, [buy], -1, 568), 500 - 8 - 56 - 488);
});

test("a launcher moves above two buttons, whichever is named first", () => {
  const above = { ...buy, top: 430 };
  assert.equal(shift(launcher, [buy, above], -1, 568), shift(launcher, [above, buy], -1, 568));
  assert.equal(shift(launcher, [buy, above], -1, 568), 430 - 8 - 56 - 488);
});

test("a launcher at the top moves down", () => {
  assert.equal(shift({ ...launcher, top: 24 }, [{ ...buy, top: 10 }], 1, 568), 10 + 48 + 8 - 24);
});

test("without room there is no place", () => {
  assert.equal(shift(launcher, [{ ...buy, top: 0, height: 568 }], -1, 568), null);
});
