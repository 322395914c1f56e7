import { randomUUID } from 'node:crypto';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Json } from '@interpulse/domain/json.ts';
import type { Context } from '../context.ts';
import { readDocument } from '../read-document.ts';
import { jsonPairs } from '../read-input.ts';
import { askOnTerminal, type AskLine } from './ask-on-terminal.ts';
import { readValues } from './read-values.ts';
import { describeQuestion, findWebInput } from './show.ts';

/** What `web-input answer` is told. */
export interface AnswerOptions {
  value?: string[] | undefined;
  set?: string[] | undefined;
  response?: string | undefined;
  comment: string;
}

/** `web-input answer`. `askLine` is the terminal; null where there is none. */
export async function answerWebInput(
  context: Context,
  id: string,
  options: AnswerOptions,
  askLine: AskLine | null = terminal(),
): Promise<void> {
  const asked = await findWebInput(context, id);
  let response = given(asked.question, options);
  if (response === undefined) {
    if (askLine === null) {
      const message = 'say the answer with --value, --set or --response; this is no terminal';
      throw new DomainError('invalid', message);
    }
    context.out.note(describeQuestion(asked));
    response = await askOnTerminal(asked.question, askLine, context.out.note);
  }
  const header = { 'Idempotency-Key': randomUUID() };
  const params = { path: { webInputId: asked.id }, header };
  const body = { response, comment: options.comment };
  const answered = await unwrap(
    context.client.POST('/api/v1/web-inputs/{webInputId}/respond', { params, body }),
  );
  context.out.document(
    answered,
    () => `answered ${answered.question.title}: ${JSON.stringify(answered.response)}`,
  );
}

/** `web-input close`. */
export async function closeWebInput(context: Context, id: string, reason: string): Promise<void> {
  const params = { path: { webInputId: id } };
  const closed = await unwrap(
    context.client.POST('/api/v1/web-inputs/{webInputId}/close', { params, body: { reason } }),
  );
  context.out.document(closed, () => `closed ${closed.question.title}`);
}

/** The answer that the options say; undefined when they say none. */
function given(
  question: Parameters<typeof readValues>[0],
  { value, set, response }: AnswerOptions,
): Json | undefined {
  const ways = [value, set, response].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new DomainError('invalid', 'give one of --value, --set and --response');
  }
  if (response !== undefined) return readDocument(response) as Json;
  if (set !== undefined) return jsonPairs(set) as Json;
  return value === undefined ? undefined : readValues(question, value);
}

function terminal(): AskLine | null {
  if (!process.stdin.isTTY) return null;
  return async (prompt) => {
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(prompt);
    } finally {
      lines.close();
    }
  };
}
