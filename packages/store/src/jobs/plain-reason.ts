import { limits } from '@interpulse/domain/limits.ts';

/**
 * SQL of a reason by which jobs are alike: ids in it do not tell them apart, and what is too long
 * for an address is cut.
 */
export function plainReasonSql(column: string): string {
  return `left(regexp_replace(coalesce(${column}, 'no reason given'),
    '\\m([a-z]+_)[0-9a-hjkmnp-tv-z]{26}\\M', '\\1…', 'g'), ${limits.reasonLength})`;
}
