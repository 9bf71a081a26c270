// Where the launcher may stand: never over what the host marked `data-kefu-avoid`.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 8;

/**
 * Return how far (pixels, down is positive) to move a box so that it meets no obstacle, or null
 * when there is no room. step: -1 looks upwards, 1 downwards.
 */
export function shift(
  box: Box,
  obstacles: readonly Box[],
  step: -1 | 1,
  height: number,
): number | null {
  let top = box.top;
  for (let tries = 0; tries <= obstacles.length; tries++) {
    const hit = obstacles.find((other) => meets({ ...box, top }, other));
    if (!hit) return top - box.top;
    top = step < 0 ? hit.top - box.height - GAP : hit.top + hit.height + GAP;
    if (top < 0 || top + box.height > height) return null;
  }
  return null;
}

function meets(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width + GAP &&
    b.left < a.left + a.width + GAP &&
    a.top < b.top + b.height + GAP &&
    b.top < a.top + a.height + GAP
  );
}

export function obstacles(): Box[] {
  return [...document.querySelectorAll("[data-kefu-avoid]")]
    .map((element) => element.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height > 0);
}
