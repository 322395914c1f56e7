import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildOpenApi } from '@interpulse/api/openapi/build-openapi.ts';

/** Writes the generated files: the OpenAPI document and the client's types. */
const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };

const document = `${root}/packages/api/openapi.json`;
writeFileSync(document, `${JSON.stringify(buildOpenApi(version), null, 2)}\n`);

const types = `${root}/packages/api/src/client/schema.ts`;
const generator = `${root}/node_modules/openapi-typescript/bin/cli.js`;
execFileSync(process.execPath, [generator, document, '--output', types], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
