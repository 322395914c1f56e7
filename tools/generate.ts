/**
 * Writes the generated files: the OpenAPI document, the types of the TypeScript client, and the
 * blocking half of the Python client from the half for asyncio. With `--check` it writes nothing
 * and fails, by name, on each file that is not what it would write.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { buildOpenApi } from '@interpulse/api/openapi/build-openapi.ts';
import { writeSyncPython } from './generate/write-sync-python.ts';

const root = dirname(import.meta.dirname);

/** What has a default may be left out by who sends it. */
const typeOptions = ['--default-non-nullable', 'false'];

/** The OpenAPI document and what is made of it, by path from the root. */
function generateFromRoutes(): [string, string][] {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const openApi = `${JSON.stringify(buildOpenApi(version), null, 2)}\n`;
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-generate-'));
  try {
    const document = join(folder, 'openapi.json');
    const types = join(folder, 'schema.ts');
    const generator = join(root, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
    writeFileSync(document, openApi);
    execFileSync(process.execPath, [generator, document, '--output', types, ...typeOptions], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return [
      ['packages/api/openapi.json', openApi],
      ['packages/api/src/client/schema.ts', readFileSync(types, 'utf8')],
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The blocking modules of the Python client, by path from the root. */
function generatePython(): [string, string][] {
  const folder = 'clients/python/src/interpulse';
  return readdirSync(join(root, folder, '_async'))
    .filter((name) => name.endsWith('.py') && name !== '__init__.py')
    .map((name) => {
      const text = readFileSync(join(root, folder, '_async', name), 'utf8');
      return [`${folder}/_sync/${name}`, writeSyncPython(text, `_async/${name}`)];
    });
}

const isCheck = process.argv.includes('--check');
for (const [path, text] of [...generateFromRoutes(), ...generatePython()]) {
  const target = join(root, path);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
  if (isCheck) {
    console.error(`${path} is not current: run npm run generate and commit it`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, text);
    console.log(`wrote ${path}`);
  }
}
