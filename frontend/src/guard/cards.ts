// Payment card numbers: issuer prefix, length and Luhn digit, then the words beside them.
//
// Steps: docs/guard.md, section 5.

import { luhn } from "./checks";
import type { Found } from "./found";
import { IDENTITIES, PACK, roles } from "./pack";
import { anywhere, endOf, lastPart, matchAt, matches, search, sticky } from "./pattern";
import type { Link, Reading } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.card;
const RUN = anywhere(P.run);
const GROUP = anywhere("[0-9]+");
const ISSUERS = P.issuers.map(([prefix, sizes]) => [sticky(prefix), sizes] as const);
const LAYOUTS = new Set(P.layouts.map(String));
const STARTS = new Set(P.layouts.map((layout) => layout[0]));
const LONGEST = Math.max(...P.layouts.map((layout) => layout.length));
const OWN = anywhere(P.own);
const OWN_AFTER = sticky("[ :#+]{1,3}[0-9]");
const TOUCHING = sticky(P.touching_after);
const SHORTEST = 13;
const EXPIRY = sticky(P.expiry);
const CODE = sticky(P.code);
const BARE_CODE = sticky(P.bare_code);
const SECRET = roles("card", "cvv", "expiry");
const OPEN = roles("number", "hash", "iban", "passport", ...IDENTITIES);
const HASH = roles("hash");
const CODE_OR_EXPIRY = roles("cvv", "expiry");

/** Digit groups of one run: their places, their digits, where each begins among the digits. */
class Groups {
  readonly places: RegExpExecArray[];
  readonly sizes: number[];
  readonly digits: string;
  readonly #begins: number[] = [0];

  constructor(low: string, start: number, end: number) {
    this.places = matches(GROUP, low, start, end);
    this.sizes = this.places.map((place) => place[0].length);
    this.digits = this.places.map((place) => place[0]).join("");
    for (const size of this.sizes) this.#begins.push((this.#begins.at(-1) ?? 0) + size);
  }

  /** Return the digits of `count` groups from `first` on. */
  taken(first: number, count: number): string {
    return this.digits.slice(this.#begins[first], this.#begins[first + count]);
  }

  place(at: number): RegExpExecArray {
    return this.places[at] as RegExpExecArray;
  }
}

/**
 * Return the card numbers in a text, each followed by its security code if it stands there.
 *
 * Two bounds on the time, beyond what a message can hold: after `dump` numbers with a card's
 * digits the words beside the next are not read and it counts, after `tries` that are none not
 * each group is tried.
 */
export function findCards(reading: Reading): Found[] {
  const spans: Found[] = [];
  let seen = 0;
  let failed = 0;
  for (const match of matches(RUN, reading.low)) {
    if (match[0].length < SHORTEST) continue;
    const groups = new Groups(reading.low, match.index, endOf(match));
    for (let first = 0; first < groups.sizes.length; ) {
      const size = cardAt(reading.low, groups, first);
      if (size === 0) {
        failed += Number(STARTS.has(groups.sizes[first]));
        first += failed > P.tries ? 4 : 1;
        continue;
      }
      const start = groups.place(first).index;
      const end = endOf(groups.place(first + size - 1));
      const digits = groups.taken(first, size);
      first += size;
      if (isInWord(reading, start, end)) continue;
      seen += 1;
      if (seen <= P.dump && !isCard(reading, start, end, digits, size)) continue;
      spans.push(span(start, end, "card_number", digits.slice(-4), true));
      if (seen <= P.dump) spans.push(...securityCode(reading, end));
    }
  }
  return spans;
}

/** Return whether letters touch the number, other than those of a cue. */
function isInWord(reading: Reading, start: number, end: number): boolean {
  const { low } = reading;
  return (
    (/[a-z]/i.test(low.charAt(start - 1)) && !reading.ends.includes(start)) ||
    (/[a-z]/i.test(low.charAt(end)) && !matchAt(TOUCHING, low, end))
  );
}

/** Return how many groups from `first` on are a card number, or 0. */
function cardAt(low: string, groups: Groups, first: number): number {
  const size = groups.sizes[first] ?? 0;
  if (size >= SHORTEST) {
    const start = groups.place(first).index;
    const isDecimal = /[0-9][.,]$/.test(low.slice(Math.max(0, start - 2), start));
    return Number(!isDecimal && isNumber(groups.taken(first, 1)));
  }
  if (STARTS.has(size)) {
    for (let count = Math.min(LONGEST, groups.sizes.length - first); count > 1; count -= 1) {
      const layout = String(groups.sizes.slice(first, first + count));
      if (LAYOUTS.has(layout) && isNumber(groups.taken(first, count))) return count;
    }
  }
  return first === 0 && isNumber(groups.digits) ? groups.sizes.length : 0;
}

function isNumber(digits: string): boolean {
  const size = digits.length;
  if (size < 13 || size > 19 || !luhn(digits)) return false;
  return ISSUERS.some(([prefix, sizes]) => sizes.includes(size) && matchAt(prefix, digits, 0));
}

/** Return whether the words beside it, or its form where there are none, say card. */
function isCard(
  reading: Reading,
  start: number,
  end: number,
  digits: string,
  size: number,
): boolean {
  const link = reading.link(start, end, SECRET, OPEN);
  if (link && !isOccasion(reading, link, start) && !isSpent(reading, link, start, end)) {
    if (link.secret) return true;
    if (link.tight || (size === 1 && link.distance <= P.near)) return isFollowed(reading, end);
  }
  const isBare = P.bare.includes(digits.length) || digits.startsWith(P.bare_prefix);
  return size > 1 || isBare || isFollowed(reading, end);
}

/** Return whether a word such as transaction is about what happened: "a transaction on ...". */
function isOccasion(reading: Reading, link: Link, start: number): boolean {
  const between = reading.low.slice(link.cue.end, start);
  return link.before && !(link.cue.roles & ~HASH) && /[a-z]/.test(between);
}

/** Return whether a harmless word has its own number: `order 5829104, paid with ...`. */
function isSpent(reading: Reading, link: Link, start: number, end: number): boolean {
  if (link.secret || end - start < P.own_size) return false;
  if (link.before) return search(OWN, reading.low.slice(link.cue.end, start)) !== null;
  const isApart = /[,;/|]/.test(reading.low.slice(end, link.cue.start));
  return isApart && matchAt(OWN_AFTER, reading.low, link.cue.end) !== null;
}

/** Return whether an expiry date or a security code follows the number. */
function isFollowed(reading: Reading, end: number): boolean {
  const after = reading.low.slice(end, end + P.after_card);
  return matchAt(EXPIRY, after, 0) !== null || reading.has(CODE_OR_EXPIRY, end, end + 40);
}

/** Return the code that follows a card number, with or without an expiry date between. */
function securityCode(reading: Reading, end: number): Found[] {
  const after = reading.low.slice(end, end + P.after_card);
  const expiry = matchAt(EXPIRY, after, 0);
  const code = expiry ? matchAt(CODE, after, endOf(expiry)) : matchAt(BARE_CODE, after, 0);
  return code ? [span(end + lastPart(code), end + endOf(code), "card_cvv")] : [];
}
