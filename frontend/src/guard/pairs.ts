// Passwords written behind an e-mail address: `mail:password`, `log in with MAIL and PASSWORD`.
//
// Steps: docs/guard.md, section 8.

import { WEAK_NUMBER, isStrict, isWorded, stripped } from "./credentials";
import type { Found } from "./found";
import { isStrong } from "./implied";
import { PACK, roles } from "./pack";
import { anywhere, endOf, lastPart, matches, whole } from "./pattern";
import type { Reading } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const PAIR = anywhere(P.combo);
const LONG_WORD = whole(P.beside_login);
const CUE = roles("password");
const LOGIN = roles("login", "password");
const SPOKEN = roles("login", "password", "enter");
const DUMP = 400;

/** Return the passwords of such pairs. */
export function findPairs(reading: Reading): Found[] {
  const { plain, low } = reading;
  if (!low.includes("@")) return [];
  const found: Found[] = [];
  for (const match of matches(PAIR, low).slice(0, DUMP)) {
    const [start, end] = stripped(plain, lastPart(match), endOf(match));
    if (start >= end || low.charAt(end) === "/") continue;
    if (isPassword(reading, match.index, start, end)) found.push(span(start, end, "password"));
  }
  return found;
}

/** Return whether text[start:end] is the password of the address whose `@` is text[at]. */
function isPassword(reading: Reading, at: number, start: number, end: number): boolean {
  const word = reading.plain.slice(start, end);
  const sign = reading.low.charAt(start - 1);
  const isSpoken = reading.has(SPOKEN, at - P.pair, at);
  const isTold = isSpoken || (reading.roles & LOGIN && sign !== " ");
  if (isTold && (isStrict(word) || isWorded(word) || LONG_WORD.test(word))) return true;
  if (WEAK_NUMBER.test(word)) return isSpoken && reading.has(CUE, at - P.pair, at);
  return isStrong(word) || (":/|".includes(sign) && isStrict(word));
}
