import assert from "node:assert/strict";
import { test } from "node:test";
import { linked, pieces } from "../src/chat/text";

const words = (text: string) => ({ is: "words", text });
const link = (text: string) => ({ is: "link", text });

const STORED: [name: string, text: string, expected: unknown[]][] = [
  ["plain words are one piece", "hello\nthere", [words("hello\nthere")]],
  ["nothing is no piece", "", []],
  [
    "a mask keeps its kind and detail",
    "a ⟪card_number:4242⟫ b",
    [words("a "), { is: "mask", kind: "card_number", detail: "4242" }, words(" b")],
  ],
  ["a mask may lack a detail", "⟪wif⟫", [{ is: "mask", kind: "wif", detail: "" }]],
  ["an escaped bracket is a bracket", "⟪⟫wif⟫", [words("⟪wif⟫")]],
  ["an unknown shape stays text", "⟪Not A Token⟫", [words("⟪Not A Token⟫")]],
  [
    "a link ends before a full stop",
    "see https://a.example/x?y=1.",
    [words("see "), link("https://a.example/x?y=1"), words(".")],
  ],
  [
    "a link ends before Chinese",
    "看https://a.example/x请查收",
    [words("看"), link("https://a.example/x"), words("请查收")],
  ],
  ["a script address is no link", "javascript:alert(1)", [words("javascript:alert(1)")]],
  ["markup is words", "<b>x</b>", [words("<b>x</b>")]],
];

for (const [name, text, expected] of STORED)
  test(name, () => assert.deepEqual(pieces(text), expected));

test("what was typed and not yet stored holds no mask", () => {
  assert.deepEqual(linked("⟪wif⟫"), [words("⟪wif⟫")]);
});
