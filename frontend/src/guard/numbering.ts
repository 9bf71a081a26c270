// What numbers the words of a recovery phrase, and what joins its last word to the others.
//
// Steps: docs/guard.md, section 4.

import { PACK } from "./pack";
import { anyOf, endOf, matchAt, sticky, whole } from "./pattern";
import { type Token, gapsOf } from "./words";

const P = PACK.words;
const HAN = "\u3400-\u9fff";
const BEFORE = new RegExp(
  `(?:(?<![a-z${HAN}])(?:${anyOf(new Set(P.labels))})[ #_\\-]?)?` +
    `[#(\\[<]{0,2}[0-9]{1,2}[ ]?[.):\\]=、\\-]{0,2}[ ]?["']?(?=\\n?$)`,
  "u",
);
const BEHIND = sticky("[ ]?[#(\\[<.:=\\-]{0,2}[ ]?[0-9]{1,2}(?![0-9])[)\\]>]?");
const JOIN = whole(`[,，、]?\\s{0,3}(?:(?:${anyOf(new Set(P.and))})\\s{0,3}){1,2}`);

/** Return whether gap joins the last word of a row to the others: `, and`. */
export function isJoin(gap: string): boolean {
  return JOIN.test(gap);
}

/** Return where the number ends that stands behind a word, or end. */
export function behind(low: string, end: number): number {
  const match = matchAt(BEHIND, low, end);
  return match ? endOf(match) : end;
}

/** Return where the numbering in front of a phrase's first word begins, or start. */
export function withNumber(low: string, start: number): number {
  const before = low.slice(Math.max(0, start - 14), start);
  const match = BEFORE.exec(before);
  if (!match) return start;
  const at = start - before.length + match.index;
  return /[0-9a-z]/i.test(low.charAt(at - 1)) ? start : at;
}

function isNumbered(low: string, { start }: Token): boolean {
  return withNumber(low, start) < start;
}

/** Return the first word with a number before it, where all that follow have one too. */
export function numberedFrom(low: string, own: readonly Token[]): number {
  const end = own.at(-1)?.end ?? 0;
  if (behind(low, end) > end) return 0;
  const numbered = own.map((token) => isNumbered(low, token));
  const at = numbered.indexOf(true);
  const isWhole = numbered.slice(at).every(Boolean) && own.length - at >= P.alone;
  return isWhole && at > 1 ? at : 0;
}

/** Return whether every word but the first is numbered. */
export function lacksNumber(low: string, own: readonly Token[]): boolean {
  const [start, end] = [own[0]?.start ?? 0, own.at(-1)?.end ?? 0];
  const isNumbered = /[0-9]/.test(low.slice(Math.max(0, start - 6), start));
  if (isNumbered || behind(low, end) > end) return false;
  return gapsOf(low, own).every((gap) => /[0-9]/.test(gap));
}

/** Return where a phrase ends: behind the number of its last word, where each has its own. */
export function numberedEnd(low: string, own: readonly Token[]): number {
  const [first, last] = [own[0], own.at(-1)] as [Token, Token];
  if (isNumbered(low, first)) return last.end;
  const areAll = own.slice(1).every((token, at) => {
    const end = own[at]?.end ?? 0;
    const after = behind(low, end);
    return end < after && after <= token.start;
  });
  return areAll ? behind(low, last.end) : last.end;
}
