/**
 * Expands Slurm's short form of a list of hosts: `n[1-3,07],login` is n1, n2, n3, n07, login.
 * Leading zeros stay.
 */
export function expandHosts(list: string): string[] {
  return splitOutside(list).flatMap(expandOne);
}

/** Splits at commas that are not within brackets. */
function splitOutside(list: string): string[] {
  return list.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? [];
}

function expandOne(pattern: string): string[] {
  const found = /^(?<head>[^[]*)\[(?<ranges>[^\]]*)\](?<tail>.*)$/.exec(pattern)?.groups;
  if (found === undefined) return [pattern.trim()].filter((host) => host !== '');
  const { head = '', ranges = '', tail = '' } = found;
  const tails = tail === '' ? [''] : expandOne(tail);
  return ranges
    .split(',')
    .flatMap(expandRange)
    .flatMap((number) => tails.map((rest) => `${head}${number}${rest}`));
}

function expandRange(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const count = Math.max(0, Number(last) - Number(first)) + 1;
  return Array.from({ length: count }, (_, step) => {
    return String(Number(first) + step).padStart(first.length, '0');
  });
}
