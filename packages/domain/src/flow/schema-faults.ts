import type { z } from 'zod';
import type { Fault } from '../error.ts';
import type { JsonTrail } from '../json.ts';

/** The issues of a zod schema as faults at their places, one for each unknown key. */
export function schemaFaults(issues: readonly z.core.$ZodIssue[], at: JsonTrail = []): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const loc = [
      ...at,
      ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    ];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        loc: [...loc, key],
        msg: `there is no field ${key} here`,
        type: 'unrecognized_key',
      }));
    }
    if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
      return [{ loc, msg: `this field is required (${issue.expected})`, type: 'missing' }];
    }
    const choices = choicesOf(issue);
    if (choices !== null) return [{ loc, msg: `write one of ${choices}`, type: issue.code }];
    return [{ loc, msg: issue.message, type: issue.code }];
  });
}

/** What a value may be, where these are a few words that the schema does not tell itself. */
function choicesOf(issue: z.core.$ZodIssue): string | null {
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')) {
    return issue.values.map(String).join(', ');
  }
  if (issue.code !== 'invalid_union' || !('options' in issue)) return null;
  const { options } = issue;
  return Array.isArray(options) ? options.map(String).join(', ') : null;
}
