import { language } from "./labels";
import type { Options, Place } from "./types";

/** Return what the script tag says, or null when it names no inbox. */
export function optionsOf(script: HTMLScriptElement): Options | null {
  const { inbox, lang, position, offset } = script.dataset;
  if (!inbox) return null;
  return {
    desk: new URL(script.src).origin,
    inbox,
    lang: language(lang, document.documentElement.lang, ...navigator.languages),
    place: placeOf(position),
    offset: offsetOf(offset),
  };
}

export function placeOf(value: unknown): Place {
  return value === "bottom-left" || value === "top" ? value : "bottom-right";
}

/** Return the offset that text such as "24 80" asks for, 24 each when it asks for none. */
export function offsetOf(value: unknown): [number, number] {
  const [side, end] = String(value ?? "")
    .split(/[\s,]+/)
    .map(Number.parseFloat);
  return [pixels(side, 24), pixels(end, pixels(side, 24))];
}

function pixels(value: number | undefined, otherwise: number): number {
  return value !== undefined && value >= 0 && value < 2000 ? value : otherwise;
}
