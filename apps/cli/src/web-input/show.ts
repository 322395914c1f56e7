import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Context } from '../context.ts';
import { inWords } from '../output/in-words.ts';
import { localTime } from '../output/quantities.ts';
import { renderTable } from '../output/render-table.ts';
import { fieldsTable } from './fields-table.ts';

/** One question. */
export function findWebInput(
  { client }: Context,
  webInputId: string,
): Promise<Schemas['WebInput']> {
  const params = { path: { webInputId } };
  return unwrap(client.GET('/api/v1/web-inputs/{webInputId}', { params }));
}

/** `web-input show`. */
export async function showWebInput(context: Context, id: string): Promise<void> {
  const asked = await findWebInput(context, id);
  context.out.document(asked, () =>
    [describeQuestion(asked), describeStanding(asked, context.nowAt)].join('\n'),
  );
}

/** What a question is about, and what may be answered. */
export function describeQuestion({ question }: Schemas['WebInput']): string {
  const facts = question.rows.map(({ field, value }) => `  ${field}: ${wordsOf(value)}`);
  return [
    question.title,
    ...(question.text === '' ? [] : [question.text]),
    ...facts,
    '',
    question.kind === 'form'
      ? fieldsTable((question.schema ?? {}) as JsonObject)
      : optionsTable(question),
    '',
  ].join('\n');
}

function optionsTable({ options, columns }: Schemas['WebInput']['question']): string {
  const isDescribed = options.some(({ description }) => description !== '');
  const rows = options.map((option, index) => [
    String(index + 1),
    String(option.value),
    option.label,
    ...columns.map(({ name }) => wordsOf(option.cells[name])),
    ...(isDescribed ? [option.description] : []),
  ]);
  const names = ['', 'value', 'option', ...columns.map(({ label }) => label)];
  if (isDescribed) names.push('meaning');
  return renderTable({ columns: names, rows, empty: 'no options' }, 0);
}

function describeStanding(asked: Schemas['WebInput'], nowAt: string): string {
  if (asked.status === 'open') {
    const way = asked.mayAnswer ? `; answer with: interpulse web-input answer ${asked.id}` : '';
    return `open until ${localTime(asked.expiresAt, nowAt)}, for ${respondentWords(asked)}${way}`;
  }
  const by = asked.endedBy === null ? '' : ` by ${asked.endedBy}`;
  const said = asked.comment === '' ? '' : ` (${asked.comment})`;
  const answer = asked.status === 'answered' ? `: ${wordsOf(asked.response)}` : '';
  return `${asked.status}${by} at ${localTime(asked.endedAt, nowAt)}${answer}${said}`;
}

function respondentWords({ respondents }: Schemas['WebInput']): string {
  if (respondents === null) return 'those whom the flow names';
  const projects = respondents.projects.map((name) => `members of ${name}`);
  return [...respondents.users, ...projects].join(', ');
}

function wordsOf(value: unknown): string {
  return value === null || value === undefined ? '' : inWords(value);
}
