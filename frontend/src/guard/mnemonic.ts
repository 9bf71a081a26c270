// Recovery phrases, however they are laid out.
//
// Twelve list words in a row do not happen in prose, so density and regular gaps decide and not
// the checksum, which a single typing error would break. Chinese characters written together are
// the exception, see `joined`. Steps: docs/guard.md, section 4.

import { PHRASE, endsAlone, extended, isInCue, startsAlone, trimmed } from "./edges";
import type { Found } from "./found";
import { numberedEnd, withNumber } from "./numbering";
import { PACK } from "./pack";
import type { Reading } from "./reading";
import { span } from "./spans";
import { type Run, type Token, areCapital, commonShare, form, gapsOf, isChecked } from "./words";
import { isGap, isNear, isUpper, languagesOf, readWords, regularity } from "./words";

const P = PACK.words;
const PROSE = new Set(P.prose);
const LONGEST_MISTYPED = 14;
const LONGEST_REPEATED = 25;
const TRIES = 300;
const NEAR = 12;
type Rule = (reading: Reading, tokens: readonly Token[], run: Run) => boolean;

/** Return the recovery phrases in a text. */
export function findMnemonics(reading: Reading): Found[] {
  if (reading.low.length < P.shortest) return [];
  const found = phrases(reading, readWords(reading.low), isPhrase);
  const isPart = found.every((one) => Number(one.detail) < P.enough);
  if (!(reading.roles & PHRASE) || !isPart) return found;
  return [...found, ...phrases(reading, readWords(reading.low, true), isStrictPhrase)];
}

/** Return the phrases among the runs. After TRIES runs their edges are no longer looked at. */
function phrases(reading: Reading, tokens: readonly Token[], accepts: Rule): Found[] {
  const found: Found[] = [];
  let tries = 0;
  for (const run of bridged(reading, tokens)) {
    if (run.end - run.first < P.with_cue) continue;
    tries += 1;
    const fitted = tries <= TRIES ? trimmed(reading, tokens, run) : run;
    const grown = tries <= TRIES ? extended(reading, tokens, fitted) : fitted;
    const start = tokens[grown.first]?.start ?? 0;
    const end = tokens[grown.end - 1]?.end ?? start;
    const tested = isUpper(reading.plain.slice(start, end)) ? grown : fitted;
    if (!accepts(reading, tokens, tested)) continue;
    const last = numberedEnd(reading.low, tokens.slice(grown.first, grown.end));
    found.push(span(withNumber(reading.low, start), last, "mnemonic", sizeOf(grown)));
  }
  return found;
}

/** Return the longest runs of known words with nothing but gaps between them. */
function runs(low: string, tokens: readonly Token[]): Run[] {
  const found: Run[] = [];
  const joins = new Map<string, boolean>();
  let first: number | null = null;
  tokens.forEach((token, at) => {
    if (!token.rank) {
      if (first !== null) found.push({ first, end: at, unknown: 0 });
      first = null;
      return;
    }
    const previous = tokens[at - 1];
    if (first === null || !previous) {
      first = at;
      return;
    }
    const gap = low.slice(previous.end, token.start);
    let isJoined = joins.get(gap);
    if (isJoined === undefined) joins.set(gap, (isJoined = isGap(gap)));
    if (!isJoined || script(low, token) !== script(low, previous)) {
      found.push({ first, end: at, unknown: 0 });
      first = at;
    }
  });
  if (first !== null) found.push({ first, end: tokens.length, unknown: 0 });
  return found;
}

/** Return the script of a word: Latin, kana, Han or Hangul. */
function script(low: string, { start }: Token): number {
  const sign = low.charAt(start);
  return Number(sign > "z") + Number(sign >= "\u3400") + Number(sign >= "\uac00");
}

/** Return runs, those joined that a single mistyped word parts: one word in nine. */
function bridged(reading: Reading, tokens: readonly Token[]): Run[] {
  const found: Run[] = [];
  for (const run of runs(reading.low, tokens)) {
    const last = found.at(-1);
    const joined = last && bridge(reading, tokens, last, run);
    if (joined) found[found.length - 1] = joined;
    else found.push(run);
  }
  return found;
}

/** Return the two runs as one, or null where more than a mistyped word parts them. */
function bridge(reading: Reading, tokens: readonly Token[], one: Run, other: Run): Run | null {
  if (other.first - one.end !== 1) return null;
  const beside = [tokens[one.end - 1], tokens[one.end]] as Token[];
  if (beside.some((token) => isInCue(reading, token, false))) return null;
  if (!isMistyped(reading.low, tokens, one.end)) return null;
  if (!areAlike(reading.low, tokens, one, other)) return null;
  const unknown = one.unknown + 1;
  if (unknown * P.one_unknown_in > Math.max(other.end - one.first, P.alone)) return null;
  return { first: one.first, end: other.end, unknown };
}

/** Return whether token `at` stands in a row with its neighbours and is no word of prose. */
function isMistyped(low: string, tokens: readonly Token[], at: number): boolean {
  const [before = "", after = before] = gapsOf(low, tokens.slice(at - 1, at + 2));
  const [previous, token] = tokens.slice(at - 1, at + 1) as [Token, Token];
  const word = low.slice(token.start, token.end);
  if (PROSE.has(word) || word.length > LONGEST_MISTYPED) return false;
  if (script(low, token) !== script(low, previous)) return false;
  return before === after || (formOf(before) === formOf(after) && isGap(before));
}

/** Return whether the gaps round the word between two runs are as those of the longer run. */
function areAlike(low: string, tokens: readonly Token[], one: Run, other: Run): boolean {
  const longer = other.end - other.first > one.end - one.first ? other : one;
  if (longer.end - longer.first < 3) return true;
  const usual = new Set<string>();
  const last = Math.min(longer.end - 1, other.first + NEAR);
  for (let at = Math.max(longer.first, one.end - NEAR); at < last; at += 1) {
    const isRound = at === one.end - 1 || at === one.end;
    if (!isRound) usual.add(formOf(low.slice(tokens[at]?.end, tokens[at + 1]?.start)));
  }
  return usual.has(formOf(low.slice(tokens[one.end]?.end, tokens[other.first]?.start)));
}

function formOf(gap: string): string {
  return form(gap).replace(/\n+$/, "");
}

/** Return whether run is a phrase: long and regular enough, or announced by a cue. */
function isPhrase(reading: Reading, tokens: readonly Token[], run: Run): boolean {
  const count = run.end - run.first;
  if (count < P.with_cue) return false;
  const own = tokens.slice(run.first, run.end);
  const starts = own.filter((token) => token.rank === 1).length;
  const { low } = reading;
  if (starts > 1 && !areStarts(own, starts)) return false;
  const cue = isAnnounced(reading, own);
  const regular = regularity(low, own);
  const different = differing(low, own);
  const mayRepeat = count <= LONGEST_REPEATED && (cue || different <= 2);
  if (different < P.with_cue && !mayRepeat) return false;
  if (!cue && count < P.long && readsAsProse(reading, own)) return false;
  if (count >= P.enough) return regular >= P.regular || cue;
  // Prose has no such row of list words.
  const isApart =
    areCapital(reading.plain, own) ||
    low.charAt(own[0]?.start ?? 0) > "z" ||
    commonShare(low, own) < P.common_share;
  if (count >= P.alone && (cue || isApart || standsAlone(low, own) || isListed(low, own))) {
    return regular >= P.regular;
  }
  return cue && regular >= P.regular_strict && standsAlone(low, own);
}

/**
 * Return whether words parted by single spaces are rather a piece of a sentence.
 *
 * That is: in the midst of other words, or a sentence of their own, and without a checksum.
 */
function readsAsProse(reading: Reading, own: readonly Token[]): boolean {
  const { low } = reading;
  if (low.charAt(own[0]?.start ?? 0) > "z") return false;
  if (gapsOf(low, own).some((gap) => gap !== " ")) return false;
  const share = commonShare(low, own);
  if (share < P.common_share && own.length >= P.alone) return false;
  const [first, last] = [own[0], own.at(-1)] as [Token, Token];
  const plain = reading.plain.slice(first.start, last.end);
  const starts = own.filter((token) => token.rank === 1).length;
  if (areCapital(reading.plain, own) || starts >= own.length * P.prefix_share) return false;
  const [begins, ends] = [startsAlone(low, first), endsAlone(low, last)];
  const isStopped = low.charAt(last.end) === ".";
  const isCapital = isUpper(plain.charAt(0)) && plain.slice(1) === plain.slice(1).toLowerCase();
  if (begins && ends && !(isCapital && isStopped)) return false;
  if (share >= P.common_most) return true;
  if (begins !== ends && !isCapital && !isStopped && P.sizes.includes(own.length)) return false;
  if (!begins && !/[a-z]/.test(low.slice(Math.max(0, first.start - 4), first.start))) return false;
  const words = (tokens: readonly Token[]) => tokens.map((one) => low.slice(one.start, one.end));
  const mistyped = words(own.filter((token) => !token.rank));
  if (mistyped.length && P.sizes.includes(own.length)) {
    const languages = languagesOf(low, own);
    return !mistyped.every((word) => isNear(word, languages));
  }
  return isChecked(words(own)) === false;
}

function isStrictPhrase(reading: Reading, tokens: readonly Token[], run: Run): boolean {
  const count = run.end - run.first;
  const own = tokens.slice(run.first, run.end);
  return (
    count >= P.alone &&
    isAnnounced(reading, own) &&
    regularity(reading.low, own) >= P.regular_strict &&
    differing(reading.low, own) > Math.floor(count / 2)
  );
}

function differing(low: string, own: readonly Token[]): number {
  return new Set(own.map((token) => low.slice(token.start, token.end))).size;
}

function isAnnounced(reading: Reading, own: readonly Token[]): boolean {
  const start = own[0]?.start ?? 0;
  const end = own.at(-1)?.end ?? 0;
  return (
    reading.has(PHRASE, start - P.near_cue_before, start) ||
    reading.has(PHRASE, end, end + P.near_cue_after)
  );
}

function standsAlone(low: string, own: readonly Token[]): boolean {
  return startsAlone(low, own[0] as Token) && endsAlone(low, own.at(-1) as Token);
}

/** Return whether every two words are parted alike and by more than a space. */
function isListed(low: string, own: readonly Token[]): boolean {
  const forms = new Set(gapsOf(low, own).map(form));
  return forms.size === 1 && !forms.has("");
}

/** Return whether the words are list words cut to four letters, a good part of them bare. */
function areStarts(own: readonly Token[], starts: number): boolean {
  const whole = own.filter((token) => token.rank === 2 && token.end - token.start > 4);
  return starts >= P.prefix_share * own.length && whole.length * 9 <= own.length;
}

/** Return how many words the phrase likely has: a word of the sentence may touch it. */
function sizeOf(run: Run): string {
  const count = run.end - run.first;
  const likely = Math.max(...P.checked_sizes.filter((size) => size <= count), 0) || count;
  return String(count - likely <= 2 ? likely : count);
}
