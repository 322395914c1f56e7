import type { InterpulseClient, Schemas } from './create-client.ts';
import { unwrap } from './create-client.ts';

/** A local file by its bytes, and the name it shall have. */
export interface LocalFile {
  name: string;
  bytes: Uint8Array;
}

/** What a job may say besides what it runs; `files` are brought along as inputs. */
export type JobOptions = Omit<Schemas['JobRequest'], 'app' | 'command'> & {
  files?: Record<string, Uint8Array | LocalFile>;
};

/** The name of an app, or a plain command as a list of words. */
export type Work = string | readonly (string | string[])[];

/** A job as the hub wants it: what it runs, and its options without local files. */
export function requestOf(work: Work, { files: _, ...options }: JobOptions): Schemas['JobRequest'] {
  const what = typeof work === 'string' ? { app: work } : { command: [...work] };
  return { ...what, ...options };
}

/** Submits jobs, all or none; the key makes a repeat after a cut harmless. */
export function submit(client: InterpulseClient, body: Schemas['SubmitJobsBody']) {
  const header = { 'Idempotency-Key': crypto.randomUUID() };
  return unwrap(client.POST('/api/v1/jobs', { body, params: { header } }));
}
