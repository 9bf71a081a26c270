// Passwords that no word names: changed from one to another, or good here and not there.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { TOKEN, WEAK_NUMBER, isCredential, isLone } from "./credentials";
import { isStrict, isWorded, stripped } from "./credentials";
import type { Found } from "./found";
import { ANY, PACK, roles } from "./pack";
import { endOf, matchAt, matches, sticky, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.implied;
const STRONG = P.strong.map(whole);
const FAIR = whole(P.fair);
const NEVER = whole(P.never);
const MODEL = whole(P.model);
const DATE = whole(P.date);
const INTO = new RegExp(P.into, "u");
const ONTO = new RegExp(P.onto, "u");
const THEN = sticky(P.then);
const ALONE = whole(PACK.shapes.password.alone);
const CHANGED = roles("changed");
const DEVICE = roles("device");
const HANDSET = roles("handset");
const PASSWORD = roles("password");
const NUMBER = roles("number");
const OPEN = roles(
  ...["number", "hash", "amount", "error", "card", "otp", "code", "expiry", "cvv"],
);
const OTHERS = (OPEN & ~roles("code")) | roles("digits", "id_jp");
const DUMP = 60;

/** Return passwords told by what was done with them. */
export function findImplied(reading: Reading): Found[] {
  const cuesOf = (wanted: bigint) => reading.of(wanted).slice(0, DUMP);
  const found = cuesOf(CHANGED).flatMap((cue) => [
    ...changed(reading, cue),
    ...chosen(reading, cue),
  ]);
  if (!(reading.roles & DEVICE) || !(reading.roles & HANDSET)) return found;
  return [...found, ...cuesOf(DEVICE).flatMap((cue) => worksHere(reading, cue))];
}

/** Return whether word can hardly be anything but a password: letters, digits and signs. */
export function isStrong(word: string): boolean {
  return isStrict(word) && STRONG.some((shape) => shape.test(word));
}

/** Return the part of the cue's line at most so far from the cue. */
function line(low: string, cue: Cue, back: number, ahead: number): [number, number] {
  const start = Math.max(0, cue.start - back);
  const end = Math.min(low.length, cue.end + ahead);
  const first = start + low.slice(start, cue.start).lastIndexOf("\n") + 1;
  const last = low.slice(cue.end, end).indexOf("\n");
  return [first, last < 0 ? end : cue.end + last];
}

/** Return the words that look like credentials, and long numbers. */
function values({ plain }: Reading, start: number, end: number): Found[] {
  const isToken = (at: number) => matches(TOKEN, plain.charAt(at)).length > 0;
  const found: Found[] = [];
  for (const match of matches(TOKEN, plain, start, end).slice(0, P.tokens)) {
    const [first, last] = stripped(plain, match.index, endOf(match));
    const word = plain.slice(first, last);
    if (match.index === start && start > 0 && isToken(start - 1)) continue; // the window cuts it
    if (endOf(match) === end && isToken(end)) continue;
    if (NEVER.test(word) && !isWorded(word)) continue;
    if (isCredential(word) || isWorded(word) || (WEAK_NUMBER.test(word) && !DATE.test(word))) {
      found.push(span(first, last, "password"));
    }
  }
  return found;
}

/** Return the old and the new one beside a word for changing, where both look the part. */
function changed(reading: Reading, cue: Cue): Found[] {
  const [start, end] = line(reading.low, cue, P.back, P.ahead);
  const all = values(reading, start, end);
  if (!all.length || all.length > P.most) return [];
  const isNamed = reading.has(PASSWORD, start, end);
  const wordOf = (one: Found) => reading.plain.slice(one.start, one.end);
  const isSure = isNamed || all.some((one) => isStrong(wordOf(one)));
  const found = all.filter((one) => fits(reading, one, isSure));
  const words = found.map(wordOf);
  const [first] = found;
  if (found.length === 2 && words.some(isCredential)) {
    if (isNamed || words.some(isStrong) || words.every((word) => FAIR.test(word))) return found;
  }
  if (!first || found.length > 1) return [];
  const [word = ""] = words;
  if (!isStrict(word) && !isWorded(word)) return [];
  const follows = first.start >= cue.end && isFiller(reading.low.slice(cue.end, first.start));
  const isChosen = word.length >= P.told && (isStrong(word) || isWorded(word) || FAIR.test(word));
  return (isNamed && between(first, cue) <= P.next) || (follows && isChosen) ? found : [];
}

function between(one: Found, cue: Cue): number {
  return Math.max(one.start - cue.end, cue.start - one.end);
}

/** Return a bare number or word that something was changed to, if a password is spoken of. */
function chosen(reading: Reading, cue: Cue): Found[] {
  const { plain, low } = reading;
  const [from, to] = line(low, cue, P.back, P.ahead);
  const isNamed = reading.has(PASSWORD, from, to) && !reading.has(OTHERS, from, to);
  const found: Found[] = [];
  for (const match of matches(TOKEN, plain, from, to).slice(0, P.tokens)) {
    const [start, last] = stripped(plain, match.index, endOf(match));
    const word = plain.slice(start, last).replace(/[.?]+$/, "");
    const end = start + word.length;
    const isInto = start >= cue.end && INTO.test(low.slice(cue.start, start));
    const isBeside = end <= cue.start && cue.start - end <= P.beside_onto;
    if (!isInto && !(isBeside && ONTO.test(low.slice(end, cue.end)))) continue;
    const isNumber = word.length >= P.told && WEAK_NUMBER.test(word) && !DATE.test(word);
    if ((isNumber && isNamed) || (isInto && isNew(reading, word, start, end))) {
      found.push(span(start, end, "password"));
    }
  }
  return found;
}

/** Return whether a long word is followed by what the new password did. */
function isNew(reading: Reading, word: string, start: number, end: number): boolean {
  if (/[^a-z]/.test(word) || !ALONE.test(word) || !isLone(word)) return false;
  if (reading.has(ANY, start, end)) return false;
  const then = matchAt(THEN, reading.low, end);
  return then !== null && reading.has(PASSWORD, endOf(then), endOf(then) + P.then_near);
}

/** Return whether no word in or beside the value says that it is something else. */
function fits(reading: Reading, one: Found, isSure: boolean): boolean {
  const word = reading.plain.slice(one.start, one.end);
  if (isWorded(word)) {
    if (reading.has(ANY, one.start, one.end) || !(isSure || word.includes("@"))) return false;
  }
  if (MODEL.test(word) && !isSure) return false;
  const link = reading.link(one.start, one.end, PASSWORD | CHANGED, OPEN);
  return !link || link.secret || link.distance >= P.far;
}

/** Return a value beside a computer of a text that also speaks of a phone. */
function worksHere(reading: Reading, cue: Cue): Found[] {
  const [start, end] = line(reading.low, cue, P.near, P.near);
  return values(reading, start, end).filter((one) => {
    const word = reading.plain.slice(one.start, one.end);
    const away = between(one, cue);
    if (!reading.has(HANDSET, one.end, one.end + P.other)) return false;
    if (!isStrong(word) && away > P.beside) return false;
    if (!isStrict(word) && (word.length < 6 || away > 1)) return false;
    const open = OPEN & ~NUMBER;
    const isOther = reading.has(open, cue.start - 24, one.start);
    return !isOther && !reading.has(open, one.end, one.end + 16);
  });
}
