import { DomainError } from '../error.ts';

/** Nodes in one list: more than the largest machine has. */
const maxHosts = 100_000;

/**
 * The names in a list of Slurm's: `n[1-3,07],gpu[0-1]x[2-3]` are `n1 n2 n3 n07 gpu0x2 …`. Leading
 * zeros are kept.
 *
 * @throws DomainError `unavailable` when the brackets do not fit or it is too long.
 */
export function expandHosts(list: string): string[] {
  if (list === '' || list === '(null)' || list === 'None assigned') return [];
  const hosts = splitTop(list).flatMap((item) => expandItem(item));
  if (hosts.length > maxHosts) throw notUnderstood(list);
  return hosts;
}

/** Splits at the commas outside of brackets. */
function splitTop(list: string): string[] {
  const items = list.match(/(?:[^,[\]]|\[[^[\]]*\])+/g) ?? [];
  if (items.join(',') !== list) throw notUnderstood(list);
  return items;
}

function expandItem(item: string): string[] {
  const match = /^([^[]*)\[([^\]]*)\](.*)$/.exec(item);
  if (match === null) return [item];
  const [, before = '', ranges = '', after = ''] = match;
  const numbers = ranges.split(',').flatMap((range) => expandRange(range, item));
  const ends = expandItem(after);
  if (numbers.length * ends.length > maxHosts) throw notUnderstood(item);
  return numbers.flatMap((number) => ends.map((end) => `${before}${number}${end}`));
}

function expandRange(range: string, item: string): string[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (match === null) throw notUnderstood(item);
  const [, first = '', last = first] = match;
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > maxHosts) throw notUnderstood(item);
  return Array.from({ length: count }, (_, index) =>
    String(Number(first) + index).padStart(first.length, '0'),
  );
}

function notUnderstood(list: string): DomainError {
  const start = JSON.stringify(list.slice(0, 100));
  return new DomainError('unavailable', `reading the nodes of a job: ${start} is no list of nodes`);
}
