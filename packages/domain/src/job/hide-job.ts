import { redact, redacted } from '../flow/redact.ts';
import { hideWords, wordsAt } from '../hide-words.ts';
import { isJsonObject, type Json, type JsonTrail } from '../json.ts';
import type { Job } from './job.ts';

/** What a job was asked with and may be private. */
type Asked = Pick<Job, 'label' | 'parameters' | 'inputs' | 'environment' | 'tags'>;

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
  const { label, parameters, inputs, environment, tags } = asked;
  return wordsAt({ label, parameters, inputs, environment, tags }, privatePaths);
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
