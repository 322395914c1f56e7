import { limits } from '@interpulse/domain/limits.ts';

/** What a program said of itself follows; pilots write it so. */
const saidBy = 'see its stderr: ';

/**
 * SQL of a reason by which jobs are alike: neither ids tell them apart nor the numbers in what a
 * program said, or each job of a sweep would fail in its own way. What is too long for an address
 * is cut.
 */
export function plainReasonSql(column: string): string {
  const reason = `regexp_replace(coalesce(${column}, 'no reason given'),
    '\\m([a-z]+_)[0-9a-hjkmnp-tv-z]{26}\\M', '\\1…', 'g')`;
  const begin = `strpos(${reason}, '${saidBy}')`;
  const end = `${begin} + ${saidBy.length - 1}`;
  return `left(case when ${begin} = 0 then ${reason} else left(${reason}, ${end}) ||
    regexp_replace(substr(${reason}, ${end} + 1), '\\d+(\\.\\d+)?', '…', 'g') end,
    ${limits.reasonLength})`;
}
