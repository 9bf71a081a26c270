// Passwords that no word names: changed from one to another, or good here and not there.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { TOKEN, WEAK_NUMBER, isCredential, isStrict, stripped } from "./credentials";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { endOf, matches, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.implied;
const STRONG = P.strong.map(whole);
const FAIR = whole(P.fair);
const NEVER = whole(P.never);
const DATE = whole(P.date);
const CHANGED = roles("changed");
const DEVICE = roles("device");
const HANDSET = roles("handset");
const PASSWORD = roles("password");
const NUMBER = roles("number");
const OPEN = roles(
  ...["number", "hash", "amount", "error", "card", "otp", "code", "expiry", "cvv"],
);
const DUMP = 60;

/** Return passwords told by what was done with them. */
export function findImplied(reading: Reading): Found[] {
  const cuesOf = (wanted: bigint) => reading.of(wanted).slice(0, DUMP);
  const found = cuesOf(CHANGED).flatMap((cue) => changed(reading, cue));
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
    if (NEVER.test(word)) continue;
    if (isCredential(word) || (WEAK_NUMBER.test(word) && !DATE.test(word))) {
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
  const found = all.filter((one) => fits(reading, one));
  const words = found.map((one) => reading.plain.slice(one.start, one.end));
  const [first] = found;
  if (found.length === 2 && words.some(isCredential)) {
    if (isNamed || words.some(isStrong) || words.every((word) => FAIR.test(word))) return found;
  }
  if (!first || found.length > 1) return [];
  const [word = ""] = words;
  if (!isStrict(word)) return [];
  const follows = first.start >= cue.end && isFiller(reading.low.slice(cue.end, first.start));
  const isChosen = word.length >= P.told && (isStrong(word) || FAIR.test(word));
  return (isNamed && between(first, cue) <= P.next) || (follows && isChosen) ? found : [];
}

function between(one: Found, cue: Cue): number {
  return Math.max(one.start - cue.end, cue.start - one.end);
}

/** Return whether no word beside the value says that it is something else. */
function fits(reading: Reading, one: Found): boolean {
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
