import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Metafile, type Plugin } from 'esbuild';

import { filesOfBundled, installedPackages, pilotProgram, programs } from './contents.ts';
import { placeUrls } from './place-urls.ts';

/** CommonJS packages ask for these, which ES modules do not have. */
const commonJsNames = [
  "import { createRequire as createRequire_ } from 'node:module';",
  'const require = createRequire_(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join('\n');

/** Native parts that packages try and do without. */
const dispensable = ['bufferutil', 'utf-8-validate', 'pg-native', 'cloudflare:sockets'];

/** Bundles every program into `folder`; gives the modules that went in, from the root. */
export async function bundlePrograms(root: string, folder: string): Promise<string[]> {
  const [many, pilot] = await Promise.all([
    build({
      ...sharedOptions(root, folder),
      entryPoints: programs,
      splitting: true,
      chunkNames: 'chunk-[hash]',
      banner: { js: commonJsNames },
    }),
    bundlePilot(root, folder),
  ]);
  const metafiles = [many.metafile, pilot.metafile].filter((metafile) => metafile !== undefined);
  metafiles.forEach(refuseUnknownImports);
  const inputs = metafiles.flatMap((metafile) =>
    Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  return [...new Set(inputs)].sort();
}

/** Bundles the pilot alone, as one file in `folder`. */
export function bundlePilot(root: string, folder: string): Promise<BuildResult> {
  const { name, source } = pilotProgram;
  const entryPoints = { [name]: source };
  return build({ ...sharedOptions(root, folder), entryPoints, external: [] });
}

function sharedOptions(root: string, folder: string): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    outdir: folder,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    external: [...installedPackages, ...dispensable],
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'require-resolve-not-external': 'silent' },
    plugins: [sourcesForBundles(root)],
  };
}

/** Prepares sources of ours, and of packages that read files, for being moved into `lib/`. */
function sourcesForBundles(root: string): Plugin {
  return {
    name: 'sources-for-bundles',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const place = relative(root, path).split(sep).join('/');
        if (place.includes('node_modules/')) return undefined;
        return { contents: withoutWholeZod(placeUrls(place, text)), loader: 'ts' };
      });
      onLoad({ filter: /node_modules.*\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!/\b__dirname\b/.test(text)) return undefined;
        return { contents: placeFolder(path, text), loader: 'js' };
      });
    },
  };
}

/** As a namespace zod can be shaken: only what is used is bundled, 0.1 of it in a pilot. */
function withoutWholeZod(text: string): string {
  return text.replace("import { z } from 'zod';", "import * as z from 'zod';");
}

/** Lets a bundled package find the files that are kept for it. */
function placeFolder(path: string, text: string): string {
  const [, name = '', inside = ''] =
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(path.split(sep).join('/')) ?? [];
  if (filesOfBundled[name] === undefined) {
    throw new Error(`${name} reads files of its own: name it in tools/package/contents.ts`);
  }
  const folder = posix.join('..', keptFolder(name), posix.dirname(inside));
  return text.replaceAll(/\b__dirname\b/g, `(__dirname + '/${folder}')`);
}

/** Where the kept files of a bundled package lie in ours. */
export function keptFolder(name: string): string {
  return posix.join('vendor', name);
}

/** Copies to make for bundled packages: from a folder of theirs to one of the package. */
export function keptFiles(root: string): { from: string; to: string }[] {
  return Object.entries(filesOfBundled).flatMap(([name, kept]) =>
    kept.map((folder) => ({
      from: join(root, 'node_modules', name, folder),
      to: join(keptFolder(name), folder),
    })),
  );
}

function refuseUnknownImports({ outputs }: Metafile): void {
  const known = new Set([...builtinModules, ...installedPackages, ...dispensable]);
  for (const { imports, entryPoint } of Object.values(outputs)) {
    for (const { path, external } of imports) {
      const name = path.replace(/^node:/, '').split('/');
      const owner = name.slice(0, path.startsWith('@') ? 2 : 1).join('/');
      if (external !== true || known.has(owner) || known.has(name.join('/'))) continue;
      throw new Error(`${entryPoint ?? dirname(path)} imports ${path}, which is not installed`);
    }
  }
}
