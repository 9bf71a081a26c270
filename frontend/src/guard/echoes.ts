// What was found once and is written again: `I tried X, and my password is X`.
//
// Steps: docs/guard.md, section 8.

import type { Found } from "./found";
import { roles } from "./pack";
import type { Reading } from "./reading";
import { span } from "./spans";

const KINDS = ["password", "otp"];
const SHORTEST = 6;
const WORD = 9;
const VALUES = 40;
const TIMES = 20;
const SECRET = roles("password", "otp", "code", "enter", "came", "told");
const OTHER = roles("login", "number", "amount", "hash", "error");

/** Return the other places of passwords and codes, unless another word names them there. */
export function findEchoes(reading: Reading, spans: readonly Found[]): Found[] {
  const { plain } = reading;
  const kinds = new Map<string, string>();
  for (const one of spans) {
    const value = plain.slice(one.start, one.end).replace(/[.?]+$/, "");
    const shortest = /^\p{L}+$/u.test(value) ? WORD : SHORTEST;
    if (KINDS.includes(one.kind) && [...value].length >= shortest && !kinds.has(value)) {
      kinds.set(value, one.kind);
    }
  }
  return [...kinds].slice(0, VALUES).flatMap(([value, kind]) =>
    places(plain, value)
      .map((at) => span(at, at + value.length, kind))
      .filter((one) => standsAlone(plain, one.start, one.end) && !isOther(reading, one)),
  );
}

function places(plain: string, value: string): number[] {
  const found: number[] = [];
  let at = plain.indexOf(value);
  while (at >= 0 && found.length < TIMES) {
    found.push(at);
    at = plain.indexOf(value, at + 1);
  }
  return found;
}

/** Return whether the word right before says that the value is something else here. */
function isOther(reading: Reading, { start, end }: Found): boolean {
  const link = reading.link(start, end, SECRET, OTHER);
  return link !== null && !link.secret && link.tight && link.before;
}

/** Return whether text[start:end] is a whole word, not a part of an address or of a path. */
function standsAlone(plain: string, start: number, end: number): boolean {
  return (
    !/[0-9A-Za-z@.\-_/+=&?#]/.test(plain.charAt(start - 1)) &&
    !/[0-9A-Za-z@\-_/]/.test(plain.charAt(end))
  );
}
