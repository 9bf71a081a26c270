// The text as the rules read it: its plain spelling and the cues in it.
//
// A cue is a word or phrase that says what a value beside it is. The nearest one decides, see
// `Reading.link`. Steps: docs/guard.md, sections 2 and 3.

import { type Cue, joined } from "./compounds";
import { findCues } from "./cues";
import type { Flat } from "./fold";
import { straightened } from "./mistyped";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matches, search, whole } from "./pattern";

const P = PACK.shapes.link;
const CLAUSE = anywhere(P.clause);
const COPULA = new RegExp(P.copula, "u");
const TOLD = new RegExp(P.told, "u");
const LEADERS = /[.]{2,}[ ]?(?=:)/g;
const LONG = anywhere(P.long_word);
const BREAK = anywhere(P.break);
const SPACED = / {2,}/g;
const FILLERS = whole(P.filler);
const ASIDE = new RegExp(P.aside, "u");
const TOLD_COST = 3;

/** What the cue nearest to a value says. */
export interface Link {
  /** Whether it makes the value a secret or harmless. */
  secret: boolean;
  /** Whether only fillers (is, of, my, colon) stand between the two. */
  tight: boolean;
  before: boolean;
  cue: Cue;
  distance: number;
}

const OTP = roles("otp");

/** A text, its cues in order, none inside another. */
export class Reading {
  readonly plain: string;
  readonly low: string;
  readonly cues: readonly Cue[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly roles: bigint;

  constructor(flat: Flat) {
    this.plain = flat.plain;
    this.low = flat.low;
    const cues = findCues(straightened(flat.low));
    const said = cues.reduce((bits, cue) => bits | cue.roles, 0n);
    this.cues = joined(cues, flat.low, said);
    this.roles = this.cues.length < cues.length ? said | OTP : said;
    this.starts = this.cues.map((cue) => cue.start);
    this.ends = this.cues.map((cue) => cue.end);
  }

  /** Return what the nearest cue says of the value text[start:end], or null. */
  link(start: number, end: number, secret: bigint, open: bigint): Link | null {
    const before = this.#before(start, secret, secret | open);
    const after = this.#after(end, secret, secret | open);
    const isAfter = !before || (after !== null && after.distance < before.distance);
    const chosen = isAfter ? after : before;
    if (chosen) chosen.secret = (chosen.cue.roles & secret) !== 0n;
    return chosen;
  }

  #before(start: number, secret: bigint, wanted: bigint): Link | null {
    const last = firstOver(this.ends, start);
    for (let at = last - 1; at >= Math.max(0, last - P.steps); at -= 1) {
      const cue = this.#cue(at);
      if (start - cue.end > P.window) return null;
      if (!(cue.roles & wanted)) continue;
      const written = this.low.slice(cue.end, start).replace(SPACED, " ");
      const gap = shortened(written);
      // An address stands between: the word was about that.
      if (written.length - gap.length >= 20 && !(cue.roles & secret)) continue;
      if (gap.length > P.before) return null;
      // A word of the paragraph before says nothing harmless of the value.
      const isApart = !(cue.roles & secret) && gap.includes("\n\n") && !gap.includes(":");
      const tight = isFiller(gap) && !isApart;
      const far = tight ? 0 : away(gap);
      const distance = far && isTold(gap) ? Math.min(far, TOLD_COST) : far;
      return { secret: true, tight, before: true, cue, distance };
    }
    return null;
  }

  #after(end: number, secret: bigint, wanted: bigint): Link | null {
    const first = firstFrom(this.starts, end);
    const near = this.cues.slice(first, first + P.steps);
    for (const [place, cue] of near.entries()) {
      if (cue.start - end > P.after) return null;
      if (!(cue.roles & wanted)) continue;
      if (!(cue.roles & secret) && leads(cue, near[place + 1], this.low, secret)) continue;
      const gap = this.low.slice(end, cue.start);
      const tight = !gap.includes("\n") && isFiller(gap);
      let cost = tight ? P.after_bare_cost : P.after_loose_cost;
      if (tight && COPULA.test(gap)) cost = P.after_cost;
      return { secret: true, tight, before: false, cue, distance: (tight ? 0 : away(gap)) + cost };
    }
    return null;
  }

  #cue(at: number): Cue {
    return this.cues[at] as Cue;
  }

  /** Return whether a cue of these roles begins in text[start:end]. */
  has(roles: bigint, start: number, end: number): boolean {
    return this.between(roles, start, end).length > 0;
  }

  /** Return where the clause that text[at] stands in begins, at most 64 characters back. */
  clause(at: number): number {
    const floor = Math.max(0, at - 64);
    const last = matches(CLAUSE, this.low, floor, at).at(-1);
    return last ? endOf(last) : floor;
  }

  /** Return the cues of these roles that begin in text[start:end]. */
  between(roles: bigint, start: number, end: number): Cue[] {
    if (!(this.roles & roles)) return [];
    const found: Cue[] = [];
    for (let at = firstFrom(this.starts, start); at < this.cues.length; at += 1) {
      const cue = this.#cue(at);
      if (cue.start >= end) break;
      if (cue.roles & roles) found.push(cue);
    }
    return found;
  }

  /** Return the cues of these roles. */
  of(roles: bigint): Cue[] {
    return this.roles & roles ? this.cues.filter((cue) => cue.roles & roles) : [];
  }
}

/** Return whether the first cue only says more of the next one: `withdrawal code`. */
function leads(cue: Cue, next: Cue | undefined, low: string, secret: bigint): boolean {
  if (!next || !(next.roles & secret)) return false;
  return ["", " "].includes(low.slice(cue.end, next.start));
}

/** Return whether gap holds nothing but words that join a cue and its value. */
export function isFiller(gap: string): boolean {
  if (/[([]/.test(gap)) gap = gap.replace(ASIDE, "");
  if (gap.includes("..")) gap = gap.replace(LEADERS, "");
  return gap.length <= P.filler_length && FILLERS.test(gap);
}

/** Return whether the words from a cue to a value end in is or was: `the code I chose is`. */
export function isTold(gap: string): boolean {
  return gap.length <= P.told_gap && !search(CLAUSE, gap) && TOLD.test(gap);
}

/** Return the first place whose number is over `bound`; numbers rise. */
export function firstOver(numbers: readonly number[], bound: number): number {
  return firstFrom(numbers, bound + 1);
}

/** Return the first place whose number is `bound` or more; numbers rise. */
function firstFrom(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function away(gap: string): number {
  return gap.length + P.break_cost * matches(BREAK, gap).length;
}

/** Return gap without its long words, such as an address: to a reader each is one word. */
function shortened(gap: string): string {
  return gap.length > 20 ? gap.replace(LONG, "") : gap;
}
