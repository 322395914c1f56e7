import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { jsonOrText } from '../read-input.ts';

const range = /^(-?\d+)\.\.(-?\d+)(?::(\d+))?$/;

/**
 * The parameter sets that `--sweep name=values` stands for: values with commas, or a range
 * `1..10` or `0..100:5`. Several sweeps make every combination, the last one changing fastest.
 * @throws DomainError invalid, for no values or more jobs than one request may hold.
 */
export function sweepParameters(words: readonly string[]): Record<string, unknown>[] {
  return words.reduce<Record<string, unknown>[]>(
    (sets, word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new DomainError('invalid', `"${word}" is not name=values`);
      const name = word.slice(0, at);
      const values = valuesOf(word.slice(at + 1));
      if (sets.length * values.length > limits.jobsPerSubmit) {
        const most = limits.jobsPerSubmit;
        throw new DomainError('invalid', `--sweep makes more than ${most} jobs; make it coarser`);
      }
      return sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
    },
    [{}],
  );
}

function valuesOf(text: string): unknown[] {
  const [, from, to, by] = range.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    return text.split(',').map(jsonOrText);
  }
  const step = Number(by ?? 1);
  const count = Math.floor((Number(to) - Number(from)) / Math.max(1, step)) + 1;
  if (step < 1 || count < 1) {
    throw new DomainError(
      'invalid',
      `"${text}" is an empty range; write low..high or low..high:step`,
    );
  }
  if (count > limits.jobsPerSubmit) {
    throw new DomainError(
      'invalid',
      `"${text}" has ${count} values; at most ${limits.jobsPerSubmit}`,
    );
  }
  return Array.from({ length: count }, (_, index) => Number(from) + index * step);
}
