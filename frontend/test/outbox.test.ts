import assert from "node:assert/strict";
import { test } from "node:test";
import { Keep } from "../src/chat/keep";
import { newKey, Outbox, type Draft } from "../src/chat/outbox";

/** A browser's storage as its interface says, with a limit on the number of entries. */
function storage(limit = Infinity): Storage {
  const entries: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => entries[key] ?? null,
    setItem(key: string, value: string) {
      if (!(key in entries) && Object.keys(entries).length >= limit)
        throw new DOMException("full", "QuotaExceededError");
      entries[key] = value;
    },
    removeItem: (key: string) => void delete entries[key],
  };
  return new Proxy(entries, { get: (_, name) => Reflect.get(methods, name) }) as unknown as Storage;
}

const refuse = (): Storage => {
  throw new DOMException("refused", "SecurityError");
};
const draft = (text: string): Draft => ({ text, files: [] });
const texts = (outbox: Outbox) => outbox.all().map((message) => message.text);

test("unsent messages survive a reload in their order", () => {
  const kept = storage();
  const before = new Outbox(new Keep("k:", () => kept));
  for (const text of ["one", "two", "three"]) before.add(draft(text), 1000);
  assert.deepEqual(texts(new Outbox(new Keep("k:", () => kept))), ["one", "two", "three"]);
});

test("two tabs add without overwriting each other", () => {
  const kept = storage();
  const [left, right] = [
    new Outbox(new Keep("k:", () => kept)),
    new Outbox(new Keep("k:", () => kept)),
  ];
  left.add(draft("left"), 1000);
  right.add(draft("right"), 2000);
  assert.deepEqual(texts(left), ["left", "right"]);
});

test("a message taken out is returned once", () => {
  const outbox = new Outbox(new Keep("k:", () => storage()));
  const { key } = outbox.add(draft("one"));
  assert.equal(outbox.take(key)?.text, "one");
  assert.equal(outbox.take(key), null);
});

test("another inbox sees nothing of it", () => {
  const kept = storage();
  new Outbox(new Keep("a:", () => kept)).add(draft("one"));
  assert.deepEqual(texts(new Outbox(new Keep("b:", () => kept))), []);
});

for (const [name, store] of [
  ["refused", refuse],
  ["full", () => storage(0)],
] as const) {
  test(`with storage ${name} memory serves`, () => {
    const outbox = new Outbox(new Keep("k:", store));
    const { key } = outbox.add(draft("one"));
    outbox.draft = draft("draft");
    assert.deepEqual(texts(outbox), ["one"]);
    assert.equal(outbox.draft.text, "draft");
    assert.equal(outbox.take(key)?.text, "one");
  });
}

test("storage that fills up later falls back to memory", () => {
  const outbox = new Outbox(new Keep("k:", () => storage(1)));
  outbox.add(draft("one"), 1000);
  outbox.add(draft("two"), 2000);
  assert.deepEqual(texts(outbox), ["one", "two"]);
});

test("what is not ours in the storage is not sent", () => {
  const kept = storage();
  kept.setItem("k:out:x", "{broken");
  assert.deepEqual(texts(new Outbox(new Keep("k:", () => kept))), []);
});

test("a key is a random UUID", () => {
  assert.match(newKey(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(newKey(), newKey());
});

test("what its author called harmless stays with the message", () => {
  const kept = storage();
  new Outbox(new Keep("k:", () => kept)).add({ ...draft("id 4111"), harmless: [[3, 7]] });
  const [message] = new Outbox(new Keep("k:", () => kept)).all();
  assert.deepEqual(message?.harmless, [[3, 7]]);
});
