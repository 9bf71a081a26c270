// Spans of a text that look like a secret and are none, says its author. Offsets are UTF-16.

export type Pair = readonly [start: number, end: number];

/**
 * Return spans as the desk takes them, in code points. Of more than `most` the last are joined:
 * nothing but them is found in the text.
 */
export function inCodePoints(text: string, spans: readonly Pair[], most: number): Pair[] {
  const points = (end: number): number => [...text.slice(0, end)].length;
  const sorted = [...spans].sort(([one], [other]) => one - other);
  const last = sorted.splice(most - 1);
  if (last.length > 0) sorted.push([Math.min(...last.flat()), Math.max(...last.flat())]);
  return sorted.map(([start, end]) => [points(start), points(end)]);
}
