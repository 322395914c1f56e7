import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { baseName } from '@interpulse/domain/location.ts';
import type { Context } from '../context.ts';
import { createProgressLine } from '../output/progress-bar.ts';
import { bytes } from '../output/quantities.ts';

/** What `dataset get` is told: locations or names of files; none means all. */
export interface GetFilesOptions {
  id: string;
  files: string[];
  folder: string;
}

/** `dataset get`: each file appears whole. @throws DomainError notFound for a name it lacks. */
export async function getDatasetFiles(context: Context, options: GetFilesOptions): Promise<void> {
  const path = { datasetId: options.id };
  const dataset = await unwrap(
    context.client.GET('/api/v1/datasets/{datasetId}', { params: { path } }),
  );
  const known = dataset.files.map(({ location }) => location);
  const wanted = options.files.length === 0 ? known : options.files.map((n) => find(known, n));
  await mkdir(options.folder, { recursive: true });
  const line = createProgressLine(context.out);
  const written: { location: string; path: string; sizeBytes: number; sha256: string }[] = [];
  for (const [index, location] of wanted.entries()) {
    line.show(`  ${index + 1} of ${wanted.length}: ${location}`);
    const answer = context.client.GET('/api/v1/datasets/{datasetId}/file', {
      params: { path, query: { file: location } },
      parseAs: 'arrayBuffer',
    });
    const content = Buffer.from(await unwrap(answer));
    const target = join(options.folder, freeName(baseName(location), written));
    await writeFile(`${target}.part`, content);
    await rename(`${target}.part`, target);
    const sha256 = createHash('sha256').update(content).digest('hex');
    written.push({ location, path: target, sizeBytes: content.length, sha256 });
  }
  line.clear();
  context.out.document(written, () =>
    written.map((file) => `${file.path} (${bytes(file.sizeBytes)})`).join('\n'),
  );
}

function find(known: string[], wanted: string): string {
  const found = known.filter((location) => location === wanted || baseName(location) === wanted);
  if (found.length === 1) return found[0] ?? wanted;
  const message =
    found.length === 0
      ? `the dataset has no file "${wanted}"; see: interpulse dataset files`
      : `the dataset has ${found.length} files "${wanted}"; give the whole location`;
  throw new DomainError(found.length === 0 ? 'notFound' : 'invalid', message);
}

/** Two files of one name do not overwrite each other. */
function freeName(name: string, written: readonly { path: string }[]): string {
  const taken = new Set(written.map(({ path }) => baseName(path)));
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${count}-${name}`;
    if (!taken.has(candidate)) return candidate;
  }
}
