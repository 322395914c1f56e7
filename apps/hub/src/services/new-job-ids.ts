import type { JobId } from '@interpulse/domain/id.ts';
import type { Hub } from '../hub.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** The last letters of an id that count on: 30 random bits, the first of them 0 for the carry. */
const letters = 6;

/** Ids of the jobs of one request: they sort in its order, and so do the jobs that wait. */
export function newJobIds(hub: Pick<Hub, 'newId'>, count: number): JobId[] {
  const first = hub.newId('job');
  const head = first.slice(0, -letters);
  let number = [...first.slice(-letters)].reduce(
    (sum, letter) => sum * 32 + alphabet.indexOf(letter),
    0,
  );
  number %= 2 ** 29;
  return Array.from({ length: count }, (): JobId => {
    const id = `${head}${lettersOf(number)}` as JobId;
    number += 1;
    return id;
  });
}

function lettersOf(number: number): string {
  let text = '';
  for (let shift = (letters - 1) * 5; shift >= 0; shift -= 5) {
    text += alphabet[(number >>> shift) & 31];
  }
  return text;
}
