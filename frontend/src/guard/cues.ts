// The cues of the pack, and where a text has them.
//
// Steps: docs/guard.md, section 2.

import type { Cue } from "./compounds";
import { Matcher } from "./matcher";
import { CUES, PACK } from "./pack";
import { matchAt, sticky } from "./pattern";

const P = PACK.shapes.link;
const ARABIC_LETTER = /[\u0621-\u064a]/;
const REST = sticky("[a-z\u00df-\u024f\u0400-\u052f]*");
const SPACES = /[-_\n\t\r]/g;
const PROCLITIC = new RegExp(P.proclitic, "u");
const SUFFIX = sticky(P.suffix);

interface Entry {
  spelling: string;
  roles: bigint;
  left: boolean;
  right: boolean;
  /** Nothing, or for a cue in Arabic whether it may go on: * or =. */
  arabic: string;
}

const MATCHER = new Matcher(entries().values());

/** Return the longest cue at each place, those inside another left out. */
export function findCues(low: string): Cue[] {
  const [text, places] = singleSpaced(low.replace(SPACES, " "));
  const found: Cue[] = [];
  let reached = 0;
  for (let first = 0; first < text.length; first += 1) {
    const start = places ? (places[first] ?? 0) : first;
    const isInside = start > 0 && isWordSign(low.charCodeAt(start - 1));
    if (isInside && isLetter(text.charCodeAt(first))) continue; // such a cue begins a word
    const endAt = (entry: Entry) => {
      const last = first + entry.spelling.length;
      return places ? (places[last - 1] ?? 0) + 1 : last;
    };
    const entry = MATCHER.longest(text, first, (one) => {
      if (one.right && isLetter(low.charCodeAt(endAt(one)))) return false;
      return !one.arabic || isArabicWord(low, start, endAt(one), one.arabic === "*");
    });
    if (!entry) continue;
    let end = endAt(entry);
    const last = found.at(-1);
    if (last && start < reached) {
      // Of two that overlap, the longer counts, of two as long the later.
      if (end - start < reached - last.start) continue;
      found.pop();
    }
    const isOpen = entry.left && !entry.right && endsInLetter(entry.spelling);
    if (isOpen) end += matchAt(REST, low, end)?.[0].length ?? 0;
    found.push({ start, end, roles: entry.roles });
    reached = end;
  }
  return found;
}

/** Return whether it is the code of a lower-case Latin or Cyrillic letter. */
function isLetter(code: number): boolean {
  if (code < 0x80) return code > 96 && code < 123;
  return (code > 0xde && code < 0x250) || (code > 0x3ff && code < 0x530);
}

function isWordSign(code: number): boolean {
  return isLetter(code) || (code > 47 && code < 58);
}

function endsInLetter(spelling: string): boolean {
  return isLetter(spelling.charCodeAt(spelling.length - 1));
}

function entries(): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const { written, roles } of CUES) {
    const isOpen = written.endsWith("*");
    for (const spelling of spellings(isOpen ? written.slice(0, -1) : written)) {
      const old = found.get(spelling);
      const right = endsInLetter(spelling) && !isOpen;
      found.set(spelling, {
        spelling,
        roles: roles | (old?.roles ?? 0n),
        left: isLetter(spelling.charCodeAt(0)),
        right: right && (old?.right ?? true),
        arabic: ARABIC_LETTER.test(spelling.charAt(0)) ? openness(isOpen, old) : "",
      });
    }
  }
  return found;
}

function openness(isOpen: boolean, old: Entry | undefined): string {
  return isOpen || old?.arabic === "*" ? "*" : "=";
}

function spellings(cue: string): Set<string> {
  const found = new Set([cue.replace(SPACES, " ")]);
  if (/ (?:no|nr|num)$/.test(cue)) found.add(`${cue}.`);
  if (cue.includes(" ") && cue.length > 5) found.add(cue.replaceAll(" ", ""));
  return found;
}

/** Return whether an Arabic cue is a word but for what the script writes onto it. */
function isArabicWord(low: string, start: number, end: number, isOpen: boolean): boolean {
  if (ARABIC_LETTER.test(low.charAt(start - 1))) {
    if (!PROCLITIC.test(low.slice(Math.max(0, start - 6), start))) return false;
  }
  return isOpen || matchAt(SUFFIX, low, end) !== null;
}

function singleSpaced(text: string): [string, number[] | null] {
  if (!text.includes("  ")) return [text, null];
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== " " || text[at - 1] !== " ") places.push(at);
  }
  return [places.map((at) => text[at]).join(""), places];
}
