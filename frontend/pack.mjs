// Squeezes the guard's rule pack (src/kefu/guard/pack) into what the browser's engine reads.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const PACK = join(HERE, "..", "src", "kefu", "guard", "pack");

/** The esbuild plugin that answers `import ... from "pack:..."`. */
export const guardPack = {
  name: "guard-pack",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pack:/ }, ({ path }) => ({ path: path.slice(5), namespace: "pack" }));
    onLoad({ filter: /.*/, namespace: "pack" }, async ({ path }) => {
      const made = await MAKERS[path]();
      return { contents: JSON.stringify(made), loader: "json" };
    });
  },
};

const MAKERS = { fold, rules, words };

function fold() {
  const { special, lookalikes } = json("fold");
  return { special, lookalikes };
}

async function rules() {
  const { folded } = await theEngine();
  const cues = json("cues");
  const { note: _, ...byRole } = cues;
  const roles = Object.keys(byRole);
  return {
    roles,
    cues: squeezedCues(byRole, folded),
    shapes: shapes(folded),
    words: wordRules(folded),
  };
}

/** Cues that say the same in one line: which roles, then the cues, each once. */
function squeezedCues(byRole, folded) {
  const said = new Map();
  Object.values(byRole).forEach((languages, at) => {
    for (const written of new Set(Object.values(languages).flat())) {
      const cue = folded(written.replace(/\*+$/, "")) + (written.endsWith("*") ? "*" : "");
      said.set(cue, (said.get(cue) ?? new Set()).add(at));
    }
  });
  const lines = new Map();
  for (const [cue, places] of said) {
    const key = [...places].map((at) => String.fromCharCode(48 + at)).join("");
    lines.set(key, [...(lines.get(key) ?? []), cue]);
  }
  return [...lines].map(([key, cues]) => `${key}|${fronted(cues.sort())}`).join("\n");
}

function shapes(folded) {
  const { note: _, recall: __, ...all } = json("shapes");
  const { fillers, filler_signs: signs, filler_characters: characters, ...link } = all.link;
  const words = new Set(Object.values(fillers).flat().map(folded));
  const spelled = [...words].map(escaped).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const word = `(?:${spelled.join("|")})(?![a-z\u0400-\u052f])`;
  const filler = `(?:[${signs}${folded(characters)}]|${word})*`;
  all.link = { ...link, filler };
  all.units = { words: [...new Set(all.units.words.map(folded))].map(escaped) };
  all.password.stop = [...new Set(all.password.stop.map(folded))];
  all.national = all.national.map(({ country: _, ...rule }) => rule);
  return withEnds(all);
}

function wordRules(folded) {
  const { note: _, sha256: __, common: ___, ...rules } = json("words");
  return { ...rules, labels: rules.labels.map(folded), and: rules.and.map(folded) };
}

/** Python's `$` also matches before a line break that ends the text; JavaScript's does not. */
function withEnds(value) {
  if (typeof value === "string") {
    const parts = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\$/g; // a class or an escape may hold a plain one
    return value.replace(parts, (part) => (part === "$" ? "(?=\\n?$)" : part));
  }
  if (Array.isArray(value)) return value.map(withEnds);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withEnds(one)]));
  }
  return value;
}

function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

// Which words pass for list words by chance hangs on it; with this one the vectors come out alike.
const SEED = 21;
const FAMILIES = [
  ["slip39"],
  ["bip39_french"],
  ["bip39_spanish", "bip39_italian"],
  ["bip39_portuguese", "bip39_czech"],
];

async function words() {
  const { folded, fingerprint, spread } = await theEngine();
  const { lists, strict, common } = json("words");
  const bits = (...names) => names.reduce((sum, name) => sum | (1 << lists.indexOf(name)), 0);
  const wordsOf = (...names) => new Set(names.flatMap(list).map(folded));
  const table = (entries, width) => ribbon(entries, width, { fingerprint, spread });
  const members = (words, width) => table(new Map([...words].map((word) => [word, 0])), width);

  const english = list("bip39_english");
  const families = FAMILIES.map((names) => wordsOf(...names));
  const familyOf = (word) => {
    const places = families.flatMap((own, at) => (own.has(word) ? [at] : []));
    return places.length === 1 ? places[0] : FAMILIES.length; // of several: counts for all
  };
  // English words that are on SLIP-39's list have a bit for that, and no place in the table.
  const latin = [...wordsOf(...FAMILIES.flat())].filter((word) => {
    return !english.includes(word) || familyOf(word) > 0;
  });
  const [simplified, traditional] = ["bip39_chinese_simplified", "bip39_chinese_traditional"];
  const first = list(simplified);
  const second = list(traditional);
  const place = (sign) => sign.charCodeAt(0) - 0x4e00;
  return {
    english: fronted(english),
    shared: packed(english.map((word) => Number(families[0].has(word))), 1),
    common: packed(english.map((word) => Number(common.includes(word))), 1),
    onEnglish: bits("bip39_english"),
    onShares: bits("slip39"),
    latin: table(new Map(latin.map((word) => [word, familyOf(word)])), 7),
    shortest: Math.min(...latin.map((word) => word.length)),
    longest: Math.max(...latin.map((word) => word.length)),
    families: [...FAMILIES, FAMILIES.flat()].map((names) => bits(...names)),
    other: members(wordsOf("bip39_japanese", "bip39_korean"), 5),
    japanese: bits("bip39_japanese"),
    korean: bits("bip39_korean"),
    strict: members(wordsOf(...strict), 4),
    simplified: bits(simplified),
    traditional: bits(traditional),
    signs: paired(first.map((sign, at) => place(sign) * 2 + Number(sign !== second[at]))),
    others: paired(second.filter((sign, at) => sign !== first[at]).map(place)),
  };
}

/** Each word of a sorted list as a capital, for what it shares with the last, and the rest, which
 * has no capitals: `unfronted` reads it. */
function fronted(words) {
  let last = "";
  return words
    .map((word) => {
      let shared = 0;
      while (shared < Math.min(25, last.length) && word[shared] === last[shared]) shared += 1;
      last = word;
      return String.fromCharCode(65 + shared) + word.slice(shared);
    })
    .join("");
}

/**
 * Return the smallest table that answers each word of `entries` with its number: the solution of
 * one equation a word, over 64 neighbouring rows (a ribbon filter).
 */
function ribbon(entries, width, hashing) {
  for (let size = Math.ceil(entries.size * 1.01) + 64; ; size += Math.ceil(entries.size * 0.001)) {
    for (let seed = SEED; seed < SEED + 8; seed += 1) {
      const rows = solved(entries, size, width, seed, hashing);
      if (rows) return { ...packed(rows, width), seed };
    }
  }
}

function solved(entries, size, width, seed, { fingerprint, spread }) {
  const equations = new Array(size);
  for (const [word, number] of entries) {
    const { start, bits, mask } = spread(fingerprint(word, seed), size, width);
    let at = start;
    let left = BigInt(bits[0]) | (BigInt(bits[1]) << 32n);
    let value = number ^ mask;
    for (;;) {
      while (left && !(left & 1n)) [left, at] = [left >> 1n, at + 1];
      if (!left) break;
      if (!equations[at]) {
        equations[at] = [left, value];
        break;
      }
      left ^= equations[at][0];
      value ^= equations[at][1];
    }
    if (!left && value) return null;
  }
  const rows = new Array(size).fill(0);
  for (let at = size - 1; at >= 0; at -= 1) {
    let [left, value] = equations[at] ?? [0n, 0];
    for (let row = at + 1; (left >>= 1n); row += 1) if (left & 1n) value ^= rows[row];
    rows[at] = value;
  }
  return rows;
}

/** Numbers two by two in as many bits as the greatest pair takes. */
function paired(numbers) {
  const base = Math.max(...numbers) + 1;
  const pairs = numbers.flatMap((one, at) => (at % 2 ? [] : [one * base + (numbers[at + 1] ?? 0)]));
  return { ...packed(pairs, Math.ceil(Math.log2(base * base))), base };
}

function packed(numbers, width) {
  const bytes = Buffer.alloc(Math.ceil((numbers.length * width) / 8));
  numbers.forEach((number, at) => {
    for (let bit = 0; bit < width; bit += 1) {
      const place = at * width + bit;
      bytes[place >> 3] |= ((number >> bit) & 1) << (place & 7);
    }
  });
  return { packed: bytes.toString("base64"), size: numbers.length, width };
}

/** The licence of the word lists, which go along in words.js. */
export function wordLicence() {
  return readFileSync(join(PACK, "words", "NOTICE"), "utf8");
}

function list(name) {
  return readFileSync(join(PACK, "words", `${name}.txt`), "utf8").split(/\s+/).filter(Boolean);
}

function json(name) {
  return JSON.parse(readFileSync(join(PACK, `${name}.json`), "utf8"));
}

/** The engine's own spelling and hashing, so that what is packed is found again. */
async function theEngine() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { folded } from "./fold"; export * from "./squeezed";`,
      resolveDir: join(HERE, "src", "guard"),
    },
    bundle: true,
    write: false,
    format: "esm",
    charset: "utf8",
    plugins: [guardPack],
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
