import assert from "node:assert/strict";
import { test } from "node:test";
import { inCodePoints, type Pair } from "../src/chat/harmless";
import { excerpt, without } from "../src/chat/spans";
import type { Found } from "../src/guard/found";

/** Each stretch of the text that is one of these, as a finding. */
function finds(text: string, ...secrets: string[]): Found[] {
  return secrets.map((secret) => {
    const start = text.indexOf(secret);
    return { start, end: start + secret.length, kind: "password", detail: "", ambiguous: false };
  });
}
const removed = () => "password removed";
const WITHOUT: [name: string, text: string, secrets: string[], expected: string][] = [
  ["alone", "hunter2", ["hunter2"], "[password removed]"],
  ["between words", "it is hunter2 now", ["hunter2"], "it is [password removed] now"],
  ["glued to its cue", "pw=hunter2;", ["hunter2"], "pw= [password removed] ;"],
  ["in Chinese", "密码hunter2谢谢", ["hunter2"], "密码 [password removed] 谢谢"],
  ["twice", "a1b2 c3d4", ["a1b2", "c3d4"], "[password removed] [password removed]"],
  ["beside another", "a1b2c3d4", ["a1b2", "c3d4"], "[password removed] [password removed]"],
];

for (const [name, text, secrets, expected] of WITHOUT)
  test(`a secret ${name} leaves its name`, () => {
    const rest = without(text, finds(text, ...secrets), [], removed);
    assert.equal(rest.text, expected);
    for (const secret of secrets) assert.ok(!rest.text.includes(secret));
  });

test("what is harmless keeps its place when something else is cut", () => {
  const text = "pw hunter2 order 4111 end";
  const start = text.indexOf("4111");
  const rest = without(text, finds(text, "hunter2"), [[start, start + 4]], removed);
  assert.equal(rest.text, "pw [password removed] order 4111 end");
  assert.deepEqual(rest.harmless.map(([from, to]) => rest.text.slice(from, to)), ["4111"]);
});

test("spans are told in code points", () => {
  const text = "😀😀 4111";
  assert.deepEqual(inCodePoints(text, [[5, 9]], 50), [[3, 7]]);
});

test("an excerpt keeps what is near and shortens the rest", () => {
  const far = "far ".repeat(50);
  const text = `${far}near hunter2 near ${far}`;
  const shown = excerpt(text, finds(text, "hunter2"));
  assert.deepEqual(shown.map((piece) => piece.is), ["words", "found", "words"]);
  assert.match(shown[0]?.text ?? "", /^….{26,31}near $/);
  assert.equal(shown[1]?.text, "hunter2");
  assert.match(shown[2]?.text ?? "", /^ near .+…$/);
});

test("an excerpt shows the beginning of a long secret and all of a short text", () => {
  const phrase = "abandon ability able about above absent absorb abstract";
  const shown = excerpt(`so: ${phrase} ok`, finds(`so: ${phrase} ok`, phrase));
  assert.deepEqual(
    shown.map((piece) => piece.text),
    ["so: ", `${phrase.slice(0, 28)}…`, " ok"],
  );
});

test("an excerpt cuts no character in half", () => {
  const text = `${"😀".repeat(40)}hunter2${"😀".repeat(40)}`;
  for (const piece of excerpt(text, finds(text, "hunter2"))) assert.ok(piece.text.isWellFormed());
});

test("the desk gets every span called harmless, in no more than it takes", () => {
  const text = "😀 4111 and ".repeat(60);
  const spans = [...text.matchAll(/4111/g)].map(({ index }): Pair => [index, index + 4]);
  const few = inCodePoints(text, spans.slice(0, 50), 50);
  assert.deepEqual([few.length, few[0], few[49]], [50, [2, 6], [541, 545]]);
  const sent = inCodePoints(text, [...spans].reverse(), 50);
  assert.deepEqual([sent.length, sent[48], sent[49]], [50, few[48], [541, 655]]);
});
