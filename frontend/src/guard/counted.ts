// One-time codes told otherwise: by their number of digits, by what they are for, or spelled out.
//
// Steps: docs/guard.md, section 9.

import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller, isTold } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.otp;
export const UNITS = PACK.shapes.units.words.join("|");
const UNIT_END = "(?![a-z\u0400-\u052f])";
export const UNIT = sticky(`[ ]?(?:${UNITS})${UNIT_END}`);
const UNREAL = whole(P.unreal);
const SHOWN = anywhere(P.shown);
const COUNTED = new Map(
  Object.entries(P.counted).map(([size, shape]) => [Number(size), anywhere(shape)]),
);
const PART = new RegExp(P.counted_part, "u");
const PAST = sticky(P.counted_past);
const SPELLED = anywhere(P.spelled);
const SUM =
  `(?:(?<![0-9.,])[0-9][0-9.,]{0,14}(?![0-9.,])[ ]?(?:${UNITS})` +
  `|${P.currency}[ ]?[0-9][0-9.,]{0,14})`;
const AMOUNT = anywhere(SUM + UNIT_END);
const PURPOSE = anywhere(SUM + P.purpose);
const BY_MESSAGE = sticky(P.by_message);
const MESSAGE = roles("message");
const STRONG = roles("otp");
const SECRET = roles("otp", "code");
const NEWS = roles("told", "came", "message", "handset", "sms");
const OTHER = roles("error", "card", "cvv", "expiry", "password", "iban", "passport");
const OWNED = OTHER | roles("hash", "amount");
const DUMP = 40;
const SYLLABLES = "\u1100"; // from here on a sign is a word
const OPEN = OWNED | roles("number");

/**
 * Return what its digits alone say, or the words that count them; null where that is nothing.
 *
 * Zeros are what a field shows before the code is put in, 123456 what an example is.
 */
export function isPlainCode(reading: Reading, start: number, end: number): boolean | null {
  const { low } = reading;
  const word = low.slice(start, end);
  const size = digitsIn(word);
  const isCount = isCounted(reading, start, size);
  if (isCount === false || /^[0 -]+$/.test(word)) return false;
  if (UNREAL.test(word) && search(SHOWN, low, start - P.shown_near, start)) return false;
  if (isByMessage(reading, start, end)) return true;
  return isCount || isForAmount(reading, start, size) ? !matchAt(UNIT, low, end) : null;
}

export function digitsIn(text: string): number {
  return text.replace(/[^0-9]+/g, "").length;
}

/**
 * Return whether words before a number say how many digits it has, as a code's; null if not.
 *
 * size: its number of digits. False: they are a part of another number, such as its last six.
 */
function isCounted(reading: Reading, start: number, size: number): boolean | null {
  const { low } = reading;
  const shape = COUNTED.get(size);
  const near = low.slice(Math.max(0, start - P.counted_reach), start);
  const isLikely = shape && P.counted_stems.some((stem) => near.includes(stem));
  const count = isLikely && matches(shape, low, start - P.counted_reach, start).at(-1);
  if (!count) return null;
  const [first, end] = [count.index, endOf(count)];
  const gap = low.slice(end, start);
  if (PART.test(low.slice(Math.max(0, first - 16), first)) || matchAt(PAST, low, end)) return false;
  const isClose =
    isFiller(gap) || isTold(gap) || (gap.trimEnd().endsWith(":") && gap.length <= 32);
  if (!isClose || /[0-9\n]/.test(gap)) return null;
  return reading.has(OTHER, first - 24, start) || reading.has(OWNED, end, start) ? null : true;
}

/** Return whether an amount before the number says what the code is for: `code for 5 BTC: N`. */
function isForAmount(reading: Reading, start: number, size: number): boolean {
  if (!P.sizes.includes(size)) return false;
  const amount = search(PURPOSE, reading.low, start - 40, start);
  if (!amount) return false;
  const first = amount.index;
  const cue = reading.between(SECRET, Math.max(first - P.purpose_reach, 0), first).at(-1);
  if (!cue || reading.clause(first) > cue.start) return false;
  if (size !== P.usual && !(cue.roles & STRONG)) return false;
  return !reading.has(OTHER, cue.start - 24, start);
}

/** Return whether six digits came by message, as what follows says: `I got N by sms`. */
function isByMessage(reading: Reading, start: number, end: number): boolean {
  const { low } = reading;
  const way = matchAt(BY_MESSAGE, low, end);
  if (!way || end - start !== P.usual || low.slice(end - 2, end) === "00") return false;
  return reading.has(MESSAGE, end, endOf(way) + 1);
}

/** Return whether what names an amount in text[first:start] has its own number there. */
export function isOwned({ low }: Reading, first: number, start: number): boolean {
  return search(AMOUNT, low, first, start) !== null;
}

/** Return codes in words: `my code is four eight two nine one three`. */
export function findSpelled(reading: Reading): Found[] {
  const { low } = reading;
  const found = readOut(reading);
  let last = 0;
  for (const cue of reading.of(SECRET).slice(0, DUMP)) {
    const match = search(SPELLED, low, Math.max(last, cue.end), cue.end + P.purpose_reach);
    if (!match) continue;
    const start = match.index;
    last = endOf(match);
    const size = count(match[0]);
    if (size < Math.min(...P.sizes) || size > Math.max(...P.sizes)) continue;
    const link = reading.link(start, last, SECRET, OPEN);
    if (!link?.secret) continue;
    const gap = low.slice(link.cue.end, start);
    if (link.tight || (link.before && (isTold(gap) || gap.length <= P.spelled_gap))) {
      found.push(span(start, last, "otp"));
    }
  }
  return found;
}

/** Return six or eight digits in words beside what says that they came. */
function readOut(reading: Reading): Found[] {
  if (!(reading.roles & NEWS)) return [];
  const found: Found[] = [];
  for (const match of matches(SPELLED, reading.low).slice(0, DUMP)) {
    if (!P.spelled_sizes.includes(count(match[0]))) continue;
    const [start, end] = [match.index, endOf(match)];
    const link = reading.link(start, end, SECRET | NEWS, OPEN);
    if (link?.secret && link.distance <= P.spelled_near) found.push(span(start, end, "otp"));
  }
  return found;
}

/** Return how many digits stand in words, or in signs that are a digit each. */
function count(spelled: string): number {
  const parts = spelled.split(/[ ,.、-]+/);
  return spelled < SYLLABLES ? parts.length : parts.join("").length;
}
