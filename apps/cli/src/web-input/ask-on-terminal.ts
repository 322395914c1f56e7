import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { checkResponse } from '@interpulse/domain/web-input/check-response.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import { jsonOrText } from '../read-input.ts';

/** Asks for one line. */
export type AskLine = (prompt: string) => Promise<string>;

/** Asks on a terminal until there is an answer that fits; what does not fit is said. */
export async function askOnTerminal(
  shown: Schemas['WebInput']['question'],
  askLine: AskLine,
  note: (text: string) => void,
): Promise<Json> {
  const question = shown as Question;
  for (;;) {
    const response = await askOnce(question, askLine);
    const faults = checkResponse(question, response);
    if (faults.length === 0) return response;
    for (const { loc, msg } of faults) note(`  ${[...loc, msg].join(': ')}`);
  }
}

async function askOnce(question: Question, askLine: AskLine): Promise<Json> {
  if (question.kind === 'form') return askFields(question.schema ?? {}, askLine);
  const { options } = question;
  const range = `1 to ${options.length}`;
  if (question.kind === 'selection') {
    return valueAt(question, await askLine(`Which (${range})? `));
  }
  const line = await askLine(`Which (${range}, several with commas; nothing for none)? `);
  const words = line.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => valueAt(question, word));
}

/** The value behind a number of the list; what is none stays as it is, and does not fit. */
function valueAt({ options }: Question, line: string): Json {
  const word = line.trim();
  const option = options[Number(word) - 1] ?? options.find(({ value }) => String(value) === word);
  return option?.value ?? word;
}

async function askFields(schema: JsonObject, askLine: AskLine): Promise<JsonObject> {
  const { properties, required } = schema;
  const filled: JsonObject = {};
  const needed: Json[] = Array.isArray(required) ? required : [];
  for (const [name, member] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const { title, default: byDefault, type } = isJsonObject(member) ? member : {};
    const label = typeof title === 'string' ? title : name;
    const hint = byDefault === undefined ? '' : ` [${JSON.stringify(byDefault)}]`;
    const mark = needed.includes(name) && byDefault === undefined ? ' (needed)' : '';
    const line = (await askLine(`${label}${mark}${hint}: `)).trim();
    if (line !== '') filled[name] = type === 'string' ? line : jsonOrText(line);
    else if (byDefault !== undefined) filled[name] = byDefault;
  }
  return filled;
}
