// How long it takes, as values: what the panel above the field tells while nobody has the
// conversation yet. Pure.

import type { Floor, Wait } from "./protocol";

/** Figures as they are told: rounded outwards, so that the wait lies within. */
export interface Range {
  unit: "minutes" | "hours";
  low: number; // 0: anything up to high
  high: number;
}

export interface View {
  place: number | null; // from 1
  range: Range | null; // null: nobody is there
  by: string | null; // the promised instant
  opens: string | null; // when somebody comes, if nobody is there
  isClosed: boolean; // nobody is there
  isPeak: boolean;
  offers: readonly string[];
}

/** [up to so many minutes, they are told in steps of] */
const STEPS = [
  [15, 1],
  [90, 5],
] as const;

/** Return a span of seconds as people say it. */
export function range(lowSeconds: number, highSeconds: number): Range {
  const high = Math.max(1, Math.ceil(highSeconds / 60));
  const step = STEPS.find(([most]) => high <= most)?.[1];
  const [unit, size] = step ? (["minutes", step] as const) : (["hours", 60] as const);
  const low = Math.floor(lowSeconds / 60 / size);
  const [from, to] = [low, Math.ceil(high / size)].map((n) => (step ?? 1) * n) as [number, number];
  return { unit, low: Math.min(from, to), high: to };
}

/** Return what there is to tell, or null: somebody has it, or all is as usual. */
export function view(wait: Wait | null, floor: Floor, isBegun: boolean, now: number): View | null {
  const { open = true, opens_at: opensAt = null } = floor.hours ?? {};
  const isClosed = !open && !(opensAt && Date.parse(opensAt) <= now);
  const opens = isClosed ? opensAt : null;
  if (wait) {
    const { position: place, low, high, by, peak: isPeak, offers } = wait;
    const isKnown = low !== null && high !== null;
    const figures = isKnown ? range(low, high) : null;
    const next = isKnown ? null : opens;
    return { place, range: figures, by, opens: next, isClosed: !isKnown, isPeak, offers };
  }
  const isPeak = floor.peak ?? false;
  if (isBegun || (!isClosed && !isPeak)) return null;
  return { place: null, range: null, by: null, opens, isClosed, isPeak, offers: [] };
}
