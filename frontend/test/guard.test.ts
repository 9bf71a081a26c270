import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import words from "pack:words";
import { engine } from "../src/guard/engine";
import type { Found } from "../src/guard/found";
import { listsOf } from "../src/guard/lexicon";
import { mayBeginPhrase, mayHoldSecret } from "../src/guard/suspect";

interface Row {
  id: string;
  text: string;
  spans: { start: number; end: number; kind: string }[];
}

const ROOT = join(import.meta.dirname, "..", "..");
const PACK = join(ROOT, "src", "kefu", "guard", "pack");
const read = (path: string) => readFileSync(path, "utf8");
const VECTORS = read(join(ROOT, "tests", "guard", "vectors.jsonl"))
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);
const LISTS = (JSON.parse(read(join(PACK, "words.json"))) as { lists: string[] }).lists;
const CUES = JSON.parse(read(join(PACK, "cues.json"))) as Record<string, Record<string, string[]>>;
const wordsOf = (list: string) => read(join(PACK, "words", `${list}.txt`)).trim().split(/\s+/);
const cuesOf = (role: string) => {
  const cues = Object.values(CUES[role] ?? {}).flat();
  return cues.map((cue) => cue.replace("*", ""));
};
const scan = engine(words);

/** Numbers below `limit`, the same in each run. */
function draws(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
}

const draw = draws(39);
const drawn = (list: readonly string[], size: number) =>
  Array.from({ length: size }, () => list[draw(list.length)] ?? "");

/** Where the spans stand in code points, as the vectors count. */
function inCodePoints(text: string, spans: readonly Found[]) {
  const place = (at: number) => [...text.slice(0, at)].length;
  return spans.map(({ start, end, kind }) => ({ start: place(start), end: place(end), kind }));
}

test("the browser finds in every vector what the server finds, and suspects it first", () => {
  assert.ok(VECTORS.length >= 500);
  for (const { id, text, spans } of VECTORS) {
    assert.deepEqual(inCodePoints(text, scan(text)), spans, id);
    assert.ok(mayHoldSecret(text) || spans.length === 0, `${id} is not suspected`);
  }
});

test("a phrase of each list is found in each layout, and suspected", () => {
  const layouts = [
    (words: string[]) => words.join(" "),
    (words: string[]) => words.join(", "),
    (words: string[]) => words.join("\n"),
    (words: string[]) => words.map((word, at) => `${at + 1}. ${word}`).join("\n"),
    (words: string[]) => words.join("<br>"),
    (words: string[]) => words.map((word) => word.toUpperCase()).join(" - "),
    (words: string[]) => words.join("\u3000").normalize("NFC"),
  ];
  let missed = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    const list = LISTS[turn % LISTS.length] ?? "";
    const size = list === "slip39" ? 20 : ([12, 15, 18, 21, 24][draw(5)] ?? 12);
    const text = (layouts[turn % layouts.length] ?? String)(drawn(wordsOf(list), size));
    assert.ok(mayHoldSecret(text), text);
    const [found] = scan(text);
    if (found?.kind !== "mnemonic" || found.end - found.start < text.length / 2) missed += 1;
  }
  assert.ok(missed <= 15, `${missed} of 3000 missed`);
});

test("characters and words run together are suspected beside every cue", () => {
  for (const cue of [...cuesOf("phrase"), ...cuesOf("key")]) {
    for (const list of ["bip39_chinese_simplified", "bip39_chinese_traditional"]) {
      const text = `${cue}：${drawn(wordsOf(list), 12).join("")}`;
      assert.ok(mayHoldSecret(text) || scan(text).length === 0, text);
    }
  }
  assert.ok(mayHoldSecret(drawn(wordsOf("bip39_english"), 12).join("")));
});

test("a password without a digit is suspected beside every cue", () => {
  const values = [
    ...[": hunterhunter", ' "correct horse"', " Hunter!hunter", " is HunterHunter"],
    ...["是hunters", "「sakurasaku」です"],
  ];
  for (const cue of cuesOf("password")) {
    for (const value of values) {
      const text = cue + value;
      assert.ok(mayHoldSecret(text) || scan(text).length === 0, text);
    }
  }
});

const PLAIN_ENGLISH = [
  "Hi, my withdrawal has been pending for several hours, can you check it please?",
  "I deposited USDT to my account yesterday and it still has not arrived.",
  "How long does identity verification take?",
  "I cannot log in since the update, the app closes by itself.",
  "The fee was higher than the page said. Why?",
  "Thank you, that solved it. Have a good day!",
  "Which network should I use for a deposit of USDC?",
  "I forgot my password, what should I do?",
  "Someone called me and said they were from your support. Is that true?",
  "My order was filled at a price that the chart never showed.",
  "Can I change the email address of my account?",
  "The code never arrives although my phone has signal.",
  "I sent coins to the wrong network, can you get them back for me?",
  "Are you a bot or a person?",
  "My account is frozen and nobody tells me why.",
  "When will the new token be listed for trading?",
  "I would like to close my account, please delete my data.",
  "It says my document was rejected because the picture is not clear.",
  "Is it safe to write my recovery phrase in this chat?",
  "ok, waiting",
];
const PLAIN_CHINESE = [
  "你好，我昨天提现到现在还没有到账，麻烦帮我查一下",
  "充值的时候选错了网络，币还能找回来吗？",
  "实名认证一直在审核中，要等多久",
  "登录不了，一直提示网络错误",
  "手续费怎么比页面上写的高这么多",
  "好的，谢谢你，已经解决了",
  "我忘记密码了怎么办",
  "有人打电话说是你们的客服，是真的吗",
  "验证码一直收不到",
  "人工客服在吗",
  "為什麼我的帳戶被凍結了，沒有人告訴我原因",
  "請問提領要等多久才會到帳？",
  "可以更換信箱嗎",
  "我想注销账户，请删除我的资料",
  "订单成交的价格和图上的不一样",
  "什么时候上新币",
  "你是机器人还是真人",
  "我把币转错了地址，能不能帮我追回来",
  "截图发过了，你看一下",
  "等了很久都没有人回复我，你们到底处理不处理",
];

test("plain talk calls for no engine", () => {
  for (const sentences of [PLAIN_ENGLISH, PLAIN_CHINESE]) {
    const suspected = sentences.filter(mayHoldSecret);
    assert.ok(suspected.length <= 2, suspected.join("\n"));
    for (const sentence of sentences) assert.deepEqual(scan(sentence), []);
  }
});

test("spans stand where the text has them, whatever is hidden in it", () => {
  const card = "4242 4242 4242 4242";
  const wide = card.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  const written = [
    card,
    wide,
    card.replaceAll("4", "4\u200b"),
    card.replaceAll("2", "2\u0301"),
    card.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
  ];
  for (const one of written) {
    for (const before of ["card ", "🙂🙂 card ", "𠮷 card ", "\ud83d card ", "e\u0301 card "]) {
      const [found, ...more] = scan(`${before}${one} 🙂`);
      assert.deepEqual(more, []);
      assert.equal(found?.kind, "card_number");
      assert.equal(found.start, before.length);
      assert.equal(found.end, before.length + one.length);
      assert.ok(mayHoldSecret(`${before}${one}`));
    }
  }
});

test("what the author called harmless is left alone where that may be", () => {
  const text = "card 4242 4242 4242 4242, password: Hunter2hunter";
  const all: [number, number][] = [[0, text.length]];
  assert.deepEqual(scan(text).map((span) => span.kind), ["card_number", "password"]);
  assert.deepEqual(scan(text, all).map((span) => span.kind), ["password"]);
});

test("a list word is known by its list, and few other words pass for one", () => {
  for (const [at, list] of LISTS.entries()) {
    for (const word of wordsOf(list)) {
      const folded = word.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");
      assert.ok(listsOf(folded) & (1 << at), `${word} of ${list}`);
    }
  }
  const letters = "abcdefghijklmnopqrstuvwxyz".split("");
  const passed = Array.from({ length: 20_000 }, () => drawn(letters, 9).join("")).filter(listsOf);
  assert.ok(passed.length < 1000, `${passed.length} of 20000`);
});

test("any text is answered, with spans in order and apart, all of them suspected", () => {
  const signs = [..."4 2-.\u200b１⟪⟫KLx0aé码密🙂\ud800:=\"'\n@{},"];
  const pieces = [...signs, "card ", "password ", "code ", "seed ", "的", "一", "zoo ", "abandon "];
  for (let turn = 0; turn < 3000; turn += 1) {
    const text = drawn(pieces, draw(60)).join("");
    let at = 0;
    for (const span of scan(text)) {
      assert.ok(at <= span.start && span.start < span.end && span.end <= text.length, text);
      at = span.end;
      assert.ok(mayHoldSecret(text), text);
    }
  }
});

test("hostile text takes no longer than its length", () => {
  const pieces = [
    ...["4", "4 ", "42 ", "4243 ", "zone abandom ", "1) zoo ", "的 一 是 ", "的一是", "あいうえお"],
    ...["code 123456 ", "password abc123 ", "seed ", "2fa key abcd efgh ijkl ", "eyJaaaaaaaa."],
    ...["a\u0301", "\u0301", "İı", "аa", '{"crypto":', "12,", "-----BEGIN PRIVATE KEY-----"],
    ...[`private key ${"ab".repeat(32)} `, "mail a@b.co:abc123! ", `seed ${"a".repeat(31)} `],
    ...["sk-", "eyj ", " ", "\n", "a ", "「", "=", "“a", "가"],
  ];
  scan("x".repeat(100));
  for (const piece of pieces) {
    const text = piece.repeat(100_000 / piece.length);
    const before = performance.now();
    mayHoldSecret(text);
    scan(text);
    const taken = performance.now() - before;
    assert.ok(taken < 2500, `${JSON.stringify(piece)} took ${Math.round(taken)} ms`);
  }
});

test("the beginning of a phrase is noticed from its fifth word", () => {
  for (const list of ["bip39_english", "bip39_japanese", "bip39_chinese_simplified"]) {
    const words = drawn(wordsOf(list), 7).filter((word) => !mayHoldSecret(word));
    for (let at = 5; at <= words.length; at++)
      assert.ok(mayBeginPhrase(words.slice(0, at).join(" ")), words.join(" "));
  }
  const told = ["first the app", "thank you", "me ayudan por favor"];
  for (const talk of ["Hello there", "我的提现还没有到账，请帮我看看", "It is the app", ...told])
    assert.ok(!mayBeginPhrase(talk), talk);
});
