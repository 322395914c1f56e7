import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  unwrap,
  type InterpulseClient,
  type Schemas,
} from '@interpulse/api/client/create-client.ts';
import { listImageFiles } from '@interpulse/formats/images/list-image-files.ts';
import type { OwnData } from './check-data.ts';
import { project } from './start-hub.ts';

interface ManifestFile {
  location: string;
  sizeBytes: number | null;
  modifiedAt: string | null;
}

/**
 * The raw dataset of the user's file, or of the pictures of a folder, from which the answer is
 * derived: the one of an earlier start while nothing has changed, else a new one.
 *
 * @returns Its id.
 */
export async function ownDataset(client: InterpulseClient, data: OwnData): Promise<string> {
  const title = basename(data.path).slice(0, 200);
  const files = manifest(data);
  const known = await findKnown(client, title, files);
  if (known !== undefined) return known;
  const body = { title, kind: 'raw' as const, files, keywords: ['own data'], project };
  const header = { 'Idempotency-Key': randomUUID() };
  const made = await unwrap(client.POST('/api/v1/datasets', { params: { header }, body }));
  return made.id;
}

function manifest({ path, location }: OwnData): ManifestFile[] {
  const isFolder = location.endsWith('/');
  const paths = isFolder ? listImageFiles(path).paths : [path];
  return paths.map((each) => {
    const { size, mtime } = statSync(each);
    return {
      location: isFolder ? `${location}${basename(each)}` : location,
      sizeBytes: size,
      modifiedAt: mtime.toISOString(),
    };
  });
}

async function findKnown(
  client: InterpulseClient,
  title: string,
  files: readonly ManifestFile[],
): Promise<string | undefined> {
  const query = { q: title, kind: 'raw' as const, project };
  const { items } = await unwrap(client.GET('/api/v1/datasets', { params: { query } }));
  for (const { id } of items.filter((each) => isLike(each, title, files))) {
    const params = { path: { datasetId: id } };
    const found = await unwrap(client.GET('/api/v1/datasets/{datasetId}', { params }));
    const same = found.files.map(({ location, sizeBytes, modifiedAt }) => ({
      location,
      sizeBytes,
      modifiedAt: modifiedAt === null ? null : new Date(modifiedAt).toISOString(),
    }));
    if (isDeepStrictEqual(same, files)) return id;
  }
  return undefined;
}

function isLike(dataset: Schemas['Dataset'], title: string, files: readonly ManifestFile[]) {
  return dataset.title === title && dataset.fileCount === files.length;
}
