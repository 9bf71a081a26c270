// Private keys: those that prove themselves by a checksum or a frame, and raw keys by cue.
//
// Steps: docs/guard.md, section 6.

import type { Cue } from "./compounds";
import { RIPPLE as RIPPLE_ALPHABET, base58check, stellar } from "./checks";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller, isTold } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.key;
const WORD = anywhere(P.word);
const WIF = whole(P.wif);
const EXTENDED = whole(P.extended);
const ENCRYPTED = whole(P.encrypted_wif);
const NAMED = new RegExp(P.named, "u");
const GROUPED = anywhere(P.grouped);
const HEX = whole(P.hex);
const BASE58 = whole(P.base58);
const SEED = whole(P.base58_seed);
const STELLAR = whole(P.stellar);
const RIPPLE = whole(P.ripple);
const PREFIXED = sticky(P.prefixed.join("|"));
const BYTES = anywhere(P.bytes);
const PEM_BEGIN = anywhere(P.pem_begin);
const PEM_END = anywhere(P.pem_end);
const HEAD = anywhere(P.keystore_head);
const SECRET = roles("key", "phrase");
const OPEN = roles("hash", "number", "api", "secret", "totp") & ~SECRET;
const WEAK = roles("keyword");
const KEYED = roles("key", "keyword");
const MOST = 40;
const CUES = roles("key", "secret");
const PREFIX = roles("prefix");
const FRAME = roles("frame");
const EITHER = roles("secret", "totp");
const API = roles("api");
const ONLY_PHRASE = roles("phrase");
const NEGATE = roles("negate");
const WHERE = roles("hash");
const PLACE = new RegExp(P.place, "u");
const SIGNED = anywhere(P.signed);
const IT_WAS = anywhere(P.it_was);
const NEAR_PLACE = 14;
const SPACED = / {2,}/g;
const TRIES = 1000;

/** Return the private keys in a text. After TRIES long words, beside a cue all are keys. */
export function findKeys(reading: Reading): Found[] {
  const found: Found[] = [];
  let tries = 0;
  const words = matches(WORD, reading.plain);
  words.forEach((match, at) => {
    const [word] = match;
    const [start, end] = [match.index, endOf(match)];
    const kind = proven(word);
    if (kind) found.push(span(start, end, kind));
    else if (reading.plain.charAt(end) === "=" && word.length < 64) return; // so base64 ends
    else if (reading.roles & (SECRET | WEAK) && isRaw(word) && !isToldOf(words, at)) {
      tries += 1;
      if (tries > TRIES || isKey(reading, start, end, word)) {
        const shape = WIF.test(word) ? "wif" : "private_key";
        found.push(span(start, end, shape, "", !isNamed(reading.low, start)));
      }
    }
  });
  return [...found, ...framed(reading)];
}

/** Return whether the value is that of a field called private key: it is nothing else then. */
function isNamed(low: string, start: number): boolean {
  return NAMED.test(low.slice(Math.max(0, start - 24), start));
}

/** Return keys whose hex digits are written in groups, behind a word for a key. */
export function findGrouped(reading: Reading): Found[] {
  return reading
    .of(KEYED)
    .slice(0, MOST)
    .flatMap((cue) => {
      const match = search(GROUPED, reading.plain, cue.end, cue.end + P.grouped_reach);
      if (!match || match.index - cue.end > P.grouped_gap) return [];
      const link = reading.link(match.index, endOf(match), KEYED, OPEN);
      return link?.secret ? [span(match.index, endOf(match), "private_key", "", true)] : [];
    });
}

/** Return keys known by a prefix, a frame or a form of their own. */
function framed(reading: Reading): Found[] {
  const { plain } = reading;
  const found: Found[] = [];
  if (reading.roles & PREFIX) {
    for (const cue of reading.of(PREFIX)) {
      const match = matchAt(PREFIXED, plain, cue.start);
      if (match) found.push(span(cue.start, endOf(match), "private_key"));
    }
  }
  if (reading.roles & FRAME) found.push(...pem(plain));
  if (plain.includes(",")) found.push(...bytes(reading));
  if (plain.includes("{")) found.push(...keystores(plain));
  return found;
}

/** Return whether the word may be an address, and another raw value follows at once: its key. */
function isToldOf(words: readonly RegExpExecArray[], at: number): boolean {
  const [own, following] = words.slice(at, at + 2);
  if (!own || !following || ![43, 44].includes(own[0].length)) return false;
  return following.index - endOf(own) <= 24 && isRaw(following[0]);
}

/** Return the kind of a word that its own shape or checksum gives away, or nothing. */
function proven(word: string): string {
  const first = word.charAt(0);
  if ("xyztuvYZUV".includes(first) && EXTENDED.test(word)) return "xprv";
  if ("5KLc9".includes(first) && [51, 52].includes(word.length) && WIF.test(word)) {
    const payload = base58check(word);
    if (!payload || ![33, 34].includes(payload.length)) return "";
    return P.wif_versions.includes(payload[0] ?? -1) ? "wif" : "";
  }
  if (first === "6" && word.length === 58 && ENCRYPTED.test(word)) return key(base58check(word));
  if (first === "S" && word.length === 56 && STELLAR.test(word)) return key(stellar(word));
  if (first === "s" && word.length <= 31 && RIPPLE.test(word)) {
    return key(base58check(word, RIPPLE_ALPHABET));
  }
  return "";
}

function key(proof: unknown): string {
  return proof ? "private_key" : "";
}

/** Return whether word has the shape of a key, which a hash or a signature has as well. */
function isRaw(word: string): boolean {
  const size = word.length;
  if (size >= 64 && HEX.test(word)) return true;
  if (43 <= size && size <= 44) return SEED.test(word) && !/^[a-z]+$/i.test(word);
  if ([51, 52, 56].includes(size) || (26 <= size && size <= 31)) {
    return WIF.test(word) || STELLAR.test(word) || RIPPLE.test(word);
  }
  return 85 <= size && size <= 90 && BASE58.test(word);
}

/** Return whether the words beside an ambiguous value call it a private key. */
function isKey(reading: Reading, start: number, end: number, word: string): boolean {
  const link = reading.link(start, end, SECRET, OPEN);
  const weak = reading.link(start, end, WEAK | SECRET, OPEN);
  if (link?.secret) {
    const isEither = link.cue.roles & EITHER && !(link.cue.roles & ONLY_PHRASE);
    if (isEither && (reading.roles & API || (HEX.test(word) && isSigned(reading, start, end)))) return false;
    if (link.tight) return true;
    const first = Math.min(link.cue.start, start);
    const clause = Math.max(first - 24, reading.clause(first));
    const isNegated = reading.has(NEGATE, clause, Math.max(start, link.cue.start));
    const isShort = 43 <= word.length && word.length <= 44; // also the form of a Solana address
    const said = reading.low.slice(link.cue.end, start).replace(SPACED, " ");
    const reach = link.before && isTold(said) ? P.loose_told : P.loose;
    return !isShort && !isNegated && link.distance <= reach;
  }
  if (word.length >= 51 && isMeant(reading, start)) return true;
  return Boolean(weak?.secret && weak.tight && weak.before && word.length >= 51);
}

/** Return whether the text near speaks of signing requests: a secret key is then an API's. */
function isSigned({ low }: Reading, start: number, end: number): boolean {
  return search(SIGNED, low, start - P.signed_near, end + P.signed_near) !== null;
}

/**
 * Return whether the value's clause says only `it was`, and the one before it speaks of a key.
 *
 * An address in that clause is where the key was put: no such value is an address.
 */
function isMeant(reading: Reading, start: number): boolean {
  const { low } = reading;
  const begin = reading.clause(start);
  const clause = search(IT_WAS, low, begin, start)?.index ?? begin;
  const said = low.slice(clause, start);
  if (!said.trim() || !isFiller(said) || !isTold(said)) return false;
  const before = reading.clause(Math.max(0, clause - 2));
  const first = Math.max(before, clause - P.clause_before);
  if (reading.has(NEGATE, first, start) || reading.has(WHERE, clause, start)) return false;
  const about = reading
    .between(SECRET | WHERE, first, clause)
    .filter((cue) => cue.roles & SECRET || !isPlace(low, cue));
  return ((about.at(-1)?.roles ?? 0n) & SECRET) !== 0n;
}

/** Return whether the cue is part of the words for an address. */
function isPlace(low: string, { start, end }: Cue): boolean {
  return PLACE.test(low.slice(Math.max(0, start - NEAR_PLACE), end + NEAR_PLACE));
}

/** Return PEM private keys. One whose end is missing reaches to the end of the text. */
function pem(plain: string): Found[] {
  const found: Found[] = [];
  let begin = search(PEM_BEGIN, plain);
  while (begin) {
    const close = search(PEM_END, plain, endOf(begin));
    const end = close ? endOf(close) : plain.length;
    found.push(span(begin.index, end, "private_key"));
    begin = search(PEM_BEGIN, plain, end);
  }
  return found;
}

/** Return keys written as 64 numbers below 256, or 32 of them beside a cue. */
function bytes(reading: Reading): Found[] {
  const found: Found[] = [];
  for (const match of matches(BYTES, reading.plain)) {
    const [start, end] = [match.index, endOf(match)];
    const numbers = (match[0].match(/[0-9]+/g) ?? []).map(Number);
    if (!P.byte_counts.includes(numbers.length) || numbers.some((number) => number > 255)) continue;
    if (numbers.length === 64 || reading.has(CUES, start - 80, end + 40)) {
      found.push(span(start, end, "private_key"));
    }
  }
  return found;
}

/** Return wallet files: the JSON object round "crypto" with its cipher and kdf. */
function keystores(plain: string): Found[] {
  const found: Found[] = [];
  let at = 0;
  for (const match of matches(HEAD, plain)) {
    if (match.index < at) continue;
    const floor = Math.max(at, match.index - P.keystore_size);
    const nearest = match.index > 0 ? plain.lastIndexOf("{", match.index - 1) : -1;
    const outer = Math.max(at, match.index - 400);
    const start = outermost(plain, outer, match.index, nearest < floor ? -1 : nearest);
    const end = closing(plain, start, Math.min(plain.length, endOf(match) + P.keystore_size));
    at = end;
    const body = start < 0 ? "" : plain.slice(start, end).toLowerCase();
    if (start >= 0 && P.keystore_needs.every((word) => body.includes(word))) {
      found.push(span(start, end, "private_key"));
    }
  }
  return found;
}

/** Return where the outermost object that is still open at `before` begins. */
function outermost(plain: string, floor: number, before: number, nearest: number): number {
  let depth = 0;
  let start = nearest;
  for (let at = before - 1; at >= floor; at -= 1) {
    if (plain[at] === "}") depth += 1;
    else if (plain[at] === "{") {
      if (depth === 0) start = at;
      else depth -= 1;
    }
  }
  return start;
}

function closing(plain: string, start: number, limit: number): number {
  let depth = 0;
  for (let at = Math.max(start, 0); at < limit; at += 1) {
    if (plain[at] === "{") depth += 1;
    else if (plain[at] === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return limit;
}
