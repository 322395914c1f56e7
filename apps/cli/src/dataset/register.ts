import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { readObject } from '../read-document.ts';
import { oneOf } from '../read-input.ts';

/** What `dataset register` is told. */
export interface RegisterOptions {
  files: string[];
  title: string;
  kind: string;
  derivedFrom?: string[] | undefined;
  keyword?: string[] | undefined;
  /** A file with a JSON object. */
  metadata?: string | undefined;
  project?: string | undefined;
}

/** `dataset register`. */
export async function registerDatasetFiles(
  context: Context,
  options: RegisterOptions,
): Promise<void> {
  const body: Schemas['RegisterDatasetBody'] = {
    title: options.title,
    kind: oneOf('--kind', ['raw', 'result'], options.kind),
    files: options.files.map((location) => ({ location })),
    derivedFrom: options.derivedFrom ?? [],
    metadata: options.metadata === undefined ? {} : readObject(options.metadata),
    keywords: options.keyword ?? [],
    ...(options.project === undefined ? {} : { project: options.project }),
  };
  const header = { 'Idempotency-Key': randomUUID() };
  const dataset = await unwrap(
    context.client.POST('/api/v1/datasets', { params: { header }, body }),
  );
  context.out.document(dataset, () => `registered ${dataset.id}`);
}
