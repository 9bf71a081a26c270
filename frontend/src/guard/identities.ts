// Bank account numbers (IBAN) and national identity numbers.
//
// Steps: docs/guard.md, section 10.

import { mod97, national } from "./checks";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matches } from "./pattern";
import type { Reading } from "./reading";
import { span } from "./spans";

const IBAN = anywhere(PACK.shapes.iban.shape);
const LENGTHS = PACK.shapes.iban.lengths;
const OPEN = roles("number", "hash", "card", "amount");
const ENOUGH = /[0-9][0-9 .-]{4,}[0-9]/;
const DUMP = 200;
const RULES = PACK.shapes.national.map((rule) => ({
  ...rule,
  shape: anywhere(rule.shape),
  cues: roles(...rule.cues),
}));

/** Return IBANs: country, its length, remainder 1. */
export function findIbans(reading: Reading): Found[] {
  const found: Found[] = [];
  for (const match of matches(IBAN, reading.plain)) {
    const places: number[] = [];
    for (let at = match.index; at < endOf(match); at += 1) {
      if (/[0-9a-z]/i.test(reading.plain.charAt(at))) places.push(at);
    }
    const size = LENGTHS[match[0].slice(0, 2).toUpperCase()] ?? 0;
    if (size <= 0 || size > places.length) continue;
    const own = places.slice(0, size);
    const word = own.map((at) => reading.plain.charAt(at)).join("").toUpperCase();
    if (mod97(word.slice(4) + word.slice(0, 4)) === 1) {
      found.push(span(match.index, (own.at(-1) ?? 0) + 1, "iban"));
    }
  }
  return found;
}

/** Return national identity numbers: shape and check digit, most of them beside a cue only. */
export function findIdentities(reading: Reading): Found[] {
  const found: Found[] = [];
  if (!ENOUGH.test(reading.plain)) return found;
  for (const rule of RULES) {
    if (rule.needs_cue && !(reading.roles & rule.cues)) continue;
    if (!reading.plain.includes(rule.needs ?? "")) continue;
    for (const match of matches(rule.shape, reading.plain).slice(0, DUMP)) {
      const [start, end] = [match.index, endOf(match)];
      const word = match[0].replace(/[^0-9A-Za-z]/g, "").toUpperCase();
      if (!national(rule.check, word)) continue;
      const link = reading.link(start, end, rule.cues, OPEN & ~rule.cues);
      const isSaid = link?.secret && (link.tight || link.before || link.distance < 24);
      const isOther = link?.tight && !reading.low.slice(link.cue.end, start).includes("\n");
      if (isSaid || (!rule.needs_cue && !isOther)) found.push(span(start, end, "national_id"));
    }
  }
  return found;
}
