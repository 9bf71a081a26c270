// Where a recovery phrase begins and ends among the words of the sentence round it.
//
// Steps: docs/guard.md, section 4.

import { isJoin, lacksNumber, numberedFrom, withNumber } from "./numbering";
import { PACK, roles } from "./pack";
import { firstOver, type Reading } from "./reading";
import { isStart, listsOf } from "./lexicon";
import { type Run, type Token, areCapital, bare, counted, form, gapsOf, isChecked } from "./words";
import { at, isGap, isNear, isUpper, languagesOf, mostFrequent, range, style } from "./words";
import { widest, wordOf } from "./words";

const P = PACK.words;
const SHARES = 1 << P.lists.indexOf("slip39");
const ALONE_BEFORE = /(?:^|[\n:：。.!?"'(\[=-])[ \t]*(?=\n?$)/;
const ALONE_AFTER = /^[ \t]*(?:(?=\n?$)|[\n。.!?"')\]」』»,;])/;
const STOP = /[.!?。:]/;
const PAUSE = /[,;、]|\n[ \t]*\n/;
const SHORTEST = Math.min(...P.sizes);
const TOUCHING = 5;
const PROSE = new Set(P.prose);
const TRIMS = 8;
export const PHRASE = roles("phrase", "key");

/**
 * Return run without the words of the sentence that touch it.
 *
 * Those are: cues of two words and more, always; other cues, words of another list and words
 * after a different gap, where the number of words is none that a phrase has.
 */
export function trimmed(reading: Reading, tokens: readonly Token[], run: Run): Run {
  const { low } = reading;
  let [first, end] = core(low, tokens, ...inCapitals(reading.plain, tokens, run.first, run.end));
  const languages = languagesOf(low, tokens.slice(first, end));
  [first, end] = inside(low, tokens, first, end, languages);
  for (let turn = 0; turn < TRIMS; turn += 1) {
    const size = end - first;
    if (size < P.with_cue) break;
    const own = tokens.slice(first, end);
    const head = at(tokens, first);
    const tail = at(tokens, end - 1);
    const isOdd = !isSize(size) && !isShare(size, languages);
    const isPhrases = !isOdd || size < SHORTEST; // so a short cue's word may be
    if (isInCue(reading, head, isPhrases) || isForeign(low, head, languages)) first += 1;
    else if (isForeign(low, tail, languages)) end -= 1;
    else if (isOdd && isFirstApart(low, own)) first += 1;
    else if (isOdd && isLastApart(low, own)) end -= 1;
    else if (isOdd && isSize(size - 1) && isInCue(reading, tail, false)) end -= 1;
    else break;
  }
  if (areCapital(reading.plain, tokens.slice(first, end))) return { ...run, first, end };
  return { ...run, first, end: cut(low, tokens, first, end, languages) };
}

/** Return whether the first word stands otherwise than the others do: it is the sentence's. */
function isFirstApart(low: string, own: readonly Token[]): boolean {
  const [gap = ""] = gapsOf(low, own.slice(0, 2));
  const isOwn = isParted(low, own, 1) || isGlued(low, at(own, 0).start - 1, gap);
  return own.length > P.alone && isOwn;
}

/** Return the same of the last word. */
function isLastApart(low: string, own: readonly Token[]): boolean {
  const [gap = ""] = gapsOf(low, own.slice(-2));
  const isOwn = isParted(low, own, own.length - 1) || isGlued(low, own.at(-1)?.end ?? 0, gap);
  return own.length > P.alone && isOwn;
}

/** Return the words without those at the edges that have no capital as the others have. */
function inCapitals(
  plain: string,
  tokens: readonly Token[],
  first: number,
  end: number,
): [number, number] {
  const own = tokens.slice(first, end).map((token) => isUpper(plain.charAt(token.start)));
  const count = own.filter(Boolean).length;
  if (count < P.alone || count === own.length) return [first, end];
  return [first + own.indexOf(true), first + own.lastIndexOf(true) + 1];
}

/**
 * Return the words between which one separator stands.
 *
 * Words that other gaps join to them are the sentence's: `Seed: one ... twelve. Good luck`.
 */
function core(low: string, tokens: readonly Token[], first: number, end: number): [number, number] {
  first += numberedFrom(low, tokens.slice(first, end));
  let forms = gapsOf(low, tokens.slice(first, end)).map(form);
  if (!forms.length) return [first, end];
  const usual = mostFrequent(forms);
  if (!STOP.test(usual)) {
    const stops = forms.flatMap((one, place) => (STOP.test(one) ? [place] : []));
    const [start, stop] = widest([-1, ...stops, forms.length]);
    [first, end, forms] = [first + start + 1, first + stop + 1, forms.slice(start + 1, stop)];
  }
  [first, end] = evenly(low, tokens, first, end, usual === "");
  if (usual === "") [first, end] = betweenBreaks(low, tokens, first, end);
  if (end - first <= forms.length) forms = gapsOf(low, tokens.slice(first, end)).map(form);
  const same = forms.flatMap((one, place) => (one === usual ? [place] : []));
  const [head = 0, tail = 0] = [same[0], same.at(-1)];
  if (same.length + 1 >= P.alone && tail - head + 1 === same.length) {
    [first, end] = [first + head, first + tail + 2];
  }
  end = withLast(low, tokens, end);
  const isUnnumbered = end - first > P.alone && lacksNumber(low, tokens.slice(first, end));
  return [isUnnumbered ? first + 1 : first, end];
}

/** Return the words with the same gap between them, where only a few others touch them. */
function evenly(
  low: string,
  tokens: readonly Token[],
  first: number,
  end: number,
  isSpaced: boolean,
): [number, number] {
  const written = gapsOf(low, tokens.slice(first, end));
  const gaps = isSpaced ? written : written.map(form);
  const usual = mostFrequent(gaps);
  const others = gaps.flatMap((gap, place) => (gap === usual ? [] : [place]));
  const [before, after] = widest([-1, ...others, gaps.length]);
  const size = after - before;
  if (!gaps.length || !isSize(size) || end - first - size > TOUCHING) return [first, end];
  return [first + before + 1, first + after + 1];
}

/** Return the most words that no comma and no blank line parts, where a phrase is left. */
function betweenBreaks(
  low: string,
  tokens: readonly Token[],
  first: number,
  end: number,
): [number, number] {
  if (isSize(end - first)) return [first, end];
  const gaps = gapsOf(low, tokens.slice(first, end));
  const breaks = gaps.flatMap((gap, place) => (PAUSE.test(gap) ? [first + 1 + place] : []));
  const [start, stop] = widest([first, ...breaks, end]);
  return stop - start >= (P.cue_sizes.at(-1) ?? 0) ? [start, stop] : [first, end];
}

/** Return the end of the words and of the one that `and` joins to them. */
function withLast(low: string, tokens: readonly Token[], end: number): number {
  const next = tokens[end];
  if (!next?.rank) return end;
  return end + Number(isJoin(low.slice(at(tokens, end - 1).end, next.start)));
}

function isSize(count: number): boolean {
  return P.sizes.includes(count);
}

function isShare(count: number, languages: number): boolean {
  return (languages & SHARES) !== 0 && P.share_sizes.includes(count);
}

/** Return the run between words of no list near its edges, where a whole phrase is left. */
function inside(
  low: string,
  tokens: readonly Token[],
  first: number,
  end: number,
  languages: number,
): [number, number] {
  const foreign = (place: number) => isForeign(low, at(tokens, place), languages);
  end = beforeRemark(low, tokens, first, end, languages);
  const inner = range(first + 1, Math.min(first + 3, tokens.length)).filter(foreign);
  const isSized = isSize(end - first) || isShare(end - first, languages);
  if (isSized && !foreign(first) && !foreign(end - 1)) {
    const isMistyped = (place: number) => isNear(wordOf(low, at(tokens, place)), languages);
    if (inner.every(isMistyped)) return [first, end];
  }
  const early = range(first, Math.min(first + 5, end)).filter(foreign);
  const starts = [first, ...early.map((place) => place + 1)];
  const ends = [end, ...range(Math.max(end - 5, first), end).filter(foreign)];
  let best: [number, number] | undefined;
  for (const one of starts) {
    for (const two of ends) if (isSize(two - one) && (!best || one > best[0])) best = [one, two];
  }
  return best ?? [first, end];
}

/**
 * Return the end before a word near it that is no list word mistyped: `please respond soon`.
 *
 * A list word of the remark may be left.
 */
function beforeRemark(
  low: string,
  tokens: readonly Token[],
  first: number,
  end: number,
  languages: number,
): number {
  const isRemark = (place: number) => {
    const token = at(tokens, place);
    if (!isSize(place - first) && !P.usual_sizes.includes(place - first - 1)) return false;
    return isForeign(low, token, languages) && !isNear(wordOf(low, token), languages);
  };
  return range(Math.max(first, end - 4), end - 1).find(isRemark) ?? end;
}

/** Return where a phrase ends whose start is marked and that is a word or two too long. */
function cut(
  low: string,
  tokens: readonly Token[],
  first: number,
  end: number,
  languages: number,
): number {
  const size = end - first;
  if (isShare(size, languages) || isSize(size)) return end;
  const fitting = [size - 1, size - 2].find(isSize);
  if (fitting === undefined) return end;
  const last = form(low.slice(at(tokens, end - 2).end, at(tokens, end - 1).start));
  const head = form(low.slice(at(tokens, first).end, at(tokens, first + 1).start));
  // Words of the sentence are parted by spaces.
  if (last !== "" && (last === head || last !== "\n")) return end;
  if (fitting === size - 2 && endsAlone(low, at(tokens, end - 1))) {
    const words = tokens.slice(first, first + fitting).map((token) => wordOf(low, token));
    return isChecked(words) ? first + fitting : end;
  }
  return startsAlone(low, at(tokens, first)) ? first + fitting : end;
}

/** Return whether a line, a colon, a quote or a full stop stands before a phrase. */
export function startsAlone(low: string, token: Token): boolean {
  const start = withNumber(low, token.start);
  return ALONE_BEFORE.test(low.slice(Math.max(0, start - 8), start));
}

/** Return whether a line, a clause or a quotation ends behind a phrase. */
export function endsAlone(low: string, token: Token): boolean {
  return ALONE_AFTER.test(low.slice(token.end, token.end + 8));
}

/** Return whether a word at the edge is on no list, or on none that the others are on. */
function isForeign(low: string, token: Token, languages: number): boolean {
  const word = low.slice(token.start, token.end);
  const known = (listsOf(word) || languages) | (isStart(word) ? 1 : 0);
  return !token.rank || !(known & languages);
}

/** Return whether a Chinese character touches the word: it may be part of the sentence.
 * gap: what stands on the other side of the word; a comma or a new line keeps it in its row. */
function isGlued(low: string, place: number, gap: string): boolean {
  return /^ *$/.test(gap) && /[\u3400-\u9fff]/.test(low.charAt(place));
}

/** Return whether another gap stands before token `place` than between the words near it. */
function isParted(low: string, tokens: readonly Token[], place: number): boolean {
  const gapAt = (one: number) => bare(low.slice(at(tokens, one - 1).end, at(tokens, one).start));
  const near = range(Math.max(1, place - 14), Math.min(tokens.length, place + 14));
  const gaps = counted(near.map(gapAt));
  return (gaps.get(gapAt(place)) ?? 0) <= 3 && Math.max(...gaps.values()) > 4;
}

/** Return whether token is part of a cue; isLong: of one with more words than this. */
export function isInCue(reading: Reading, token: Token, isLong: boolean): boolean {
  const last = firstOver(reading.starts, token.start);
  const near = reading.cues.slice(Math.max(0, last - 2), last);
  const cue = near.find((one) => one.roles & PHRASE && token.start < one.end);
  const size = token.end - token.start;
  return cue !== undefined && (!isLong || cue.end - cue.start > size + (size > 1 ? 2 : 0));
}

/** Return run with the mistyped first or last word that makes its number of words whole. */
export function extended(reading: Reading, tokens: readonly Token[], run: Run): Run {
  const { low } = reading;
  const { first, end, unknown } = run;
  const size = end - first;
  if (isSize(size) || P.share_sizes.includes(size) || !isSize(size + 1)) return run;
  const gap = low.slice(at(tokens, first).end, at(tokens, first + 1).start);
  if (end < tokens.length && continues(low, tokens, run, end - 1, gap)) {
    return { first, end: end + 1, unknown: unknown + 1 };
  }
  const isSaid = first > 0 && isInCue(reading, at(tokens, first - 1), false);
  if (first && !isSaid && continues(low, tokens, run, first - 1, gap)) {
    return { first: first - 1, end, unknown: unknown + 1 };
  }
  return run;
}

/** Return whether the word before or behind the run, one of `place` and the next, is mistyped. */
function continues(
  low: string,
  tokens: readonly Token[],
  { first }: Run,
  place: number,
  gap: string,
): boolean {
  const between = low.slice(at(tokens, place).end, at(tokens, place + 1).start);
  const outer = at(tokens, place < first ? place : place + 1);
  const word = wordOf(low, outer);
  if (outer.rank || PROSE.has(word)) return false;
  if (style(between) !== style(gap) || !isGap(between)) return false;
  return isNear(word, languagesOf(low, tokens.slice(first, first + P.with_cue)));
}
