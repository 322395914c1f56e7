import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { build } from 'esbuild';

/** What programs import from `interpulse/client`, by the modules of the checkout. */
const exported: Readonly<Record<string, readonly string[]>> = {
  'packages/api/src/client/interpulse.ts': [
    'Interpulse',
    'type InterpulseOptions',
    'type MapOptions',
    'type FlowOptions',
    'type FlowBatchOptions',
  ],
  'packages/api/src/client/flow-batch-handle.ts': ['FlowBatchHandle', 'type BatchRerunOptions'],
  'packages/api/src/client/list-flow-runs.ts': ['type FlowRunQuery'],
  'packages/api/src/client/flow-run-handle.ts': ['FlowRunHandle', 'type RerunOptions'],
  'packages/api/src/client/flow-run-failed.ts': ['FlowRunFailed'],
  'packages/api/src/client/job-handle.ts': ['JobHandle'],
  'packages/api/src/client/ensemble-handle.ts': ['EnsembleHandle'],
  'packages/api/src/client/job-result.ts': ['JobResult', 'OutputFile'],
  'packages/api/src/client/job-failed.ts': ['JobFailed'],
  'packages/api/src/client/submission.ts': ['type JobOptions', 'type Work', 'type LocalFile'],
  'packages/api/src/client/create-client.ts': ['type InterpulseClient', 'type Schemas'],
  'packages/domain/src/error.ts': ['DomainError', 'type Fault'],
};

/** Packages whose types stand in those of the client. */
const typedPackages = ['openapi-fetch', 'openapi-typescript-helpers'];

/**
 * Writes the TypeScript client into `folder`, as one file of JavaScript for Node 20 and later with
 * its types beside it; gives the modules that went in, from the root.
 */
export async function bundleClient(root: string, folder: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: exportLines((path) => `./${path}`), resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    outfile: join(folder, 'client.js'),
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    target: 'node20',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeTypes(root, folder);
  return Object.keys(metafile.inputs).filter((path) => path !== '<stdin>');
}

function exportLines(placeOf: (path: string) => string): string {
  const lines = Object.entries(exported).map(([path, names]) => {
    return `export { ${names.join(', ')} } from '${placeOf(path)}';\n`;
  });
  return lines.join('');
}

function writeTypes(root: string, folder: string): void {
  const types = join(folder, 'types');
  const options =
    '--declaration --emitDeclarationOnly --noEmit false --strict --skipLibCheck --types node ' +
    '--module nodenext --target es2024 --lib es2024,esnext.disposable ' +
    '--allowImportingTsExtensions --ignoreConfig';
  const places = ['--rootDir', join(root, 'packages'), '--outDir', types];
  const sources = Object.keys(exported).map((path) => join(root, path));
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const args = [...options.split(' '), ...places, ...sources];
  const { status, stdout } = spawnSync(tsc, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the types of the client cannot be written:\n${stdout}`);
  for (const name of typedPackages) {
    mkdirSync(join(types, name), { recursive: true });
    const from = join(root, 'node_modules', name, 'dist', 'index.d.mts');
    cpSync(from, join(types, name, 'index.d.ts'));
  }
  for (const path of globSync('**/*.d.ts', { cwd: types })) placeImports(types, path);
  const entry = exportLines((path) => path.replace('packages/', './types/').replace(/ts$/, 'js'));
  writeFileSync(join(folder, 'client.d.ts'), entry);
}

/** Lets a file of types find its neighbours, whose sources and packages are not there. */
function placeImports(types: string, path: string): void {
  const here = posix.dirname(path.split(sep).join('/'));
  const wayTo = (place: string): string => {
    const way = posix.relative(here, place);
    return way.startsWith('.') ? way : `./${way}`;
  };
  const file = join(types, path);
  const packages = new RegExp(`'(${typedPackages.join('|')})'`, 'g');
  const placed = readFileSync(file, 'utf8')
    .replaceAll(/'(\.[^']*)\.ts'/g, "'$1.js'")
    .replaceAll(/'@interpulse\/([\w-]+)\/([^']*)\.ts'/g, (_, room: string, inside: string) => {
      return `'${wayTo(`${room}/src/${inside}.js`)}'`;
    })
    .replaceAll(packages, (_, name: string) => `'${wayTo(`${name}/index.js`)}'`);
  writeFileSync(file, placed);
}
