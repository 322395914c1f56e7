import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Json } from '@interpulse/domain/json.ts';

type Question = Schemas['WebInput']['question'];

/**
 * The answer that words stand for: the values of options, or their labels. One for a selection, a
 * list for a table.
 * @throws DomainError invalid, for what is no option, and for forms.
 */
export function readValues(question: Question, words: readonly string[]): Json {
  if (question.kind === 'form') {
    throw new DomainError('invalid', 'this question is a form: answer with --set or --response');
  }
  const values = words.map((word) => valueOf(question, word));
  if (question.kind === 'table') return values;
  const [value] = values;
  if (values.length === 1 && value !== undefined) return value;
  throw new DomainError('invalid', 'one option is chosen: give --value once');
}

function valueOf({ options }: Question, word: string): string | number | boolean {
  const found =
    options.find(({ value }) => String(value) === word) ??
    options.find(({ label }) => label === word);
  if (found !== undefined) return found.value;
  const known = options.map(({ value }) => String(value));
  const shown = [...known.slice(0, 20), ...(known.length > 20 ? ['…'] : [])].join(', ');
  throw new DomainError('invalid', `"${word}" is no option; there are ${shown}`);
}
