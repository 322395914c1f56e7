import { randomFillSync } from 'node:crypto';

const portion = Buffer.alloc(8192);
let used = portion.length;

/**
 * Random bytes, each given out once. They are drawn in portions: to ask the system for a few takes
 * as long as for thousands, and every step makes ids.
 */
export function drawRandom(size: number): Buffer {
  if (size > portion.length) throw new RangeError(`at most ${portion.length} random bytes at once`);
  if (size > portion.length - used) {
    randomFillSync(portion);
    used = 0;
  }
  used += size;
  // A copy that leaves nothing behind: a secret is nowhere but with whom it was made for.
  const drawn = Buffer.from(portion.subarray(used - size, used));
  portion.fill(0, used - size, used);
  return drawn;
}
