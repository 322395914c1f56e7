import { redact, redacted } from '../flow/redact.ts';
import { isJsonObject, type Json, type JsonTrail } from '../json.ts';
import type { Job } from './job.ts';

/** What a job was asked with and may be private. */
type Asked = Pick<Job, 'label' | 'parameters' | 'inputs' | 'environment' | 'tags'>;

/** Shorter words stay in what a program says: they would be found in every sentence. */
export const fewestCharacters = 4;

/**
 * A job as its readers may see it. The paths lead into what it was asked with, as `parameters`,
 * `token`; the empty one into all of it. Private inputs are left out, since nothing else is a
 * location.
 */
export function hideJob<J extends Asked & Pick<Job, 'reason'>>(
  job: J,
  privatePaths: readonly JsonTrail[],
): J {
  if (privatePaths.length === 0) return job;
  const { label, parameters, inputs, environment, tags, reason } = job;
  const hide = <T extends Json>(name: keyof Asked, value: T): T => {
    const below = belowOf(privatePaths, name);
    const isWhole = below.some((path) => path.length === 0);
    if (!isJsonObject(value)) return (isWhole ? redacted : value) as T;
    const all = isWhole ? Object.keys(value).map((key) => [key]) : below;
    return redact(value, all) as T;
  };
  return {
    ...job,
    label: hide('label', label),
    parameters: hide('parameters', parameters),
    inputs: Object.fromEntries(
      Object.entries(hide('inputs', inputs)).filter(([, value]) => value !== redacted),
    ),
    environment: hide('environment', environment),
    tags: hide('tags', tags),
    reason: reason === null ? null : hideWords(reason, privateWords(job, privatePaths)),
  };
}

/** The private values of a job as they may be found in texts about it, the longest first. */
export function privateWords(asked: Asked, privatePaths: readonly JsonTrail[]): string[] {
  const words = new Set<string>();
  for (const path of privatePaths) collect(at(asked, path), words);
  return [...words].toSorted((a, b) => b.length - a.length);
}

/** A text without private words. */
export function hideWords(text: string, words: readonly string[]): string {
  return words
    .filter((word) => word.length >= fewestCharacters)
    .reduce((rest, word) => rest.replaceAll(word, redacted), text);
}

/** The words of a command, of which no argument that has a private word in it is shown. */
export function hideArguments(argv: readonly string[], words: readonly string[]): string[] {
  return argv.map((argument) =>
    words.some((word) => argument === word || argument.includes(`=${word}`))
      ? redacted
      : hideWords(argument, words),
  );
}

function belowOf(privatePaths: readonly JsonTrail[], name: string): JsonTrail[] {
  return privatePaths.flatMap((path) => {
    if (path.length === 0) return [[]];
    return path[0] === name ? [path.slice(1)] : [];
  });
}

function at(asked: Asked, path: JsonTrail): Json | undefined {
  const { label, parameters, inputs, environment, tags } = asked;
  let value: Json | undefined = { label, parameters, inputs, environment, tags };
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** What stands for nothing in particular is no secret. */
function collect(value: Json | undefined, words: Set<string>): void {
  if (value === undefined || value === null || typeof value === 'boolean' || value === '') return;
  if (typeof value !== 'object') words.add(String(value));
  else {
    words.add(JSON.stringify(value));
    for (const inner of Object.values(value)) collect(inner, words);
  }
}
