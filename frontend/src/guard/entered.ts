// Passwords found by what a person did: typed them in, or named a second one beside the first.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { STOP, TOKEN, isCredential, isFreeNumber, isStrict } from "./credentials";
import { looksChosen, stripped } from "./credentials";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const OR = sticky(P.or);
const OTHERWISE = whole(P.otherwise);
const CUE = roles("password");
const CODE = roles("code");
const RIVALS = roles(
  ...["otp", "code", "number", "hash", "amount", "error", "cvv", "expiry", "card"],
);

/** Return what was typed, if the nearest cue on either side speaks of a password. */
export function entered(reading: Reading, cue: Cue): Found[] {
  const { plain, low } = reading;
  const after = search(TOKEN, plain, cue.end, cue.end + 40);
  const isLast = !/[\0-\x7f]/.test(low.charAt(cue.start)); // where the verb comes last
  const before = isLast ? matches(TOKEN, plain, cue.start - 40, cue.start).at(-1) : null;
  const found: Found[] = [];
  for (const match of [after, before]) {
    if (!match) continue;
    const [start, end] = stripped(plain, match.index, endOf(match));
    const gap = match === after ? low.slice(cue.end, start) : low.slice(end, cue.start);
    if (isFiller(gap) && isTyped(reading, start, end)) found.push(span(start, end, "password"));
  }
  return found;
}

function isTyped(reading: Reading, start: number, end: number): boolean {
  const word = reading.plain.slice(start, end).replace(/[.?]+$/, "");
  if (!word || STOP.has(word.toLowerCase())) return false;
  if (!isCredential(word) && !isFreeNumber(reading.low, word, end)) return false;
  const rivals = /^[0-9]+$/.test(word) ? RIVALS : RIVALS & ~CODE;
  const link = reading.link(start, end, CUE, rivals & ~CUE);
  return link !== null && link.secret && link.distance <= P.entered;
}

/** Return further values after the first: "it is this or that". */
export function others(reading: Reading, end: number): Found[] {
  const found: Found[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const gap = matchAt(OR, reading.low, end);
    const value = gap && chosenAfter(reading, endOf(gap));
    if (!value) break;
    found.push(value);
    end = value.end;
  }
  return found;
}

function chosenAfter(reading: Reading, at: number): Found | null {
  const { plain } = reading;
  for (const word of matches(TOKEN, plain, at, at + 80).slice(0, 3)) {
    const [start, end] = stripped(plain, word.index, endOf(word));
    if (start - at > 16 || !looksChosen(plain.slice(start, end))) continue;
    return span(start, end, "password");
  }
  return null;
}

/** Return the value before the first: "this or that is my password". */
export function earlier(reading: Reading, start: number): Found[] {
  const { plain, low } = reading;
  const found: Found[] = [];
  for (const word of matches(TOKEN, plain, start - 80, start).slice(-3)) {
    const [first, last] = stripped(plain, word.index, endOf(word));
    if (isStrict(plain.slice(first, last)) && OTHERWISE.test(low.slice(last, start))) {
      found.push(span(first, last, "password"));
    }
  }
  return found;
}
