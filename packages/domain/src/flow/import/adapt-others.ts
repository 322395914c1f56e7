import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { baseName } from '../../location.ts';
import { limits } from '../../limits.ts';
import { foreignPath } from './foreign-path.ts';
import { isGiven } from './foreign-reader.ts';
import type { ForeignReader } from './foreign-reader.ts';

/**
 * An entry of Globus Search as the input of `interpulse:ingest`: its subject says which files it is
 * about, its content is the dataset's metadata.
 */
export function adaptIngest(input: JsonObject, reader: ForeignReader): JsonObject {
  const subject = reader.text(input, 'subject');
  const content = isGiven(input['content']) ? reader.object(input['content'], 'content') : {};
  const found = /^globus:\/\/(?<id>[^/]+)(?<path>\/.*)?$/.exec(subject)?.groups;
  const path = foreignPath(found?.['path'] ?? '/');
  if (found === undefined || path === null) {
    reader.problem('subject must say where the data are, as globus://COLLECTION/path');
    return {};
  }
  const location = `${reader.mapped('collections', found['id'] ?? '', 'subject')}:${path}`;
  const title = titleOf(content) ?? (baseName(location) || location);
  return {
    title: title.slice(0, limits.nameLength),
    kind: 'result',
    files: [location],
    metadata: content,
  };
}

/** DataCite's title, or one of its own. */
function titleOf(content: JsonObject): string | null {
  const { dc, title } = content;
  const titles = isJsonObject(dc) && Array.isArray(dc['titles']) ? dc['titles'] : [];
  const first = isJsonObject(titles[0]) ? titles[0]['title'] : undefined;
  return [first, title].find((each) => typeof each === 'string' && each !== '') as string | null;
}

/** Globus' notification as the input of `interpulse:notify`: a mail of plain text. */
export function adaptNotify(input: JsonObject, reader: ForeignReader): JsonObject {
  const { notification_method: method, body_mimetype: type, destination } = input;
  if (isGiven(method) && method !== 'email' && method !== 'any') {
    reader.problem(`notification_method ${JSON.stringify(method)} is not email`);
  }
  const variables = isGiven(input['body_variables'])
    ? reader.object(input['body_variables'], 'body_variables')
    : {};
  const body = fill(reader.text(input, 'body_template'), variables);
  const to = Array.isArray(destination)
    ? destination
    : reader
        .text(input, 'destination')
        .split(',')
        .map((each) => each.trim());
  return {
    by: 'mail',
    to,
    subject: reader.text(input, 'subject'),
    text: type === 'text/html' ? withoutTags(body) : body,
  };
}

/** `$name` and `${name}` give way to what they name; `$$` is a dollar; others stay. */
function fill(template: string, variables: JsonObject): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (found, plain, braced) => {
    if (found === '$$') return '$';
    const name = String(plain ?? braced);
    return Object.hasOwn(variables, name) ? textOf(variables[name]) : found;
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Mail here is plain text. */
function withoutTags(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/h\d|\/li|\/tr)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .trim();
}

/** Globus' older evaluation of expressions as the input of `interpulse:evaluate`. */
export function adaptEvaluate(input: JsonObject, reader: ForeignReader): JsonObject {
  const each = reader.list(input, ['expressions']) ?? [input];
  const expressions = each.map((one) => {
    const { expression, arguments: given, result_path: path } = reader.object(one, 'an expression');
    return {
      expression: expression ?? null,
      ...(isGiven(given) ? { arguments: given } : {}),
      ...(isGiven(path) ? { resultPath: path } : {}),
    };
  });
  return { expressions };
}

/** Globus' hello_world as the input of `interpulse:hello`. */
export function adaptHello({ echo_string: text, sleep_time: seconds }: JsonObject): JsonObject {
  return {
    ...(isGiven(text) ? { text } : {}),
    ...(isGiven(seconds) ? { sleepSeconds: seconds } : {}),
  };
}
