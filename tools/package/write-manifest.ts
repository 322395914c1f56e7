import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { installedPackages, platformPackages } from './contents.ts';

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function byName(versions: (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(versions.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes the package.json of the installed copy, with the versions that the checkout has.
 * @throws Error when no workspace depends on a package that must be installed.
 */
export function writeManifest(root: string, folder: string): void {
  const own = read(join(root, 'package.json'));
  const workspaces = globSync('{apps,packages}/*/package.json', { cwd: root });
  const manifests = [own, ...workspaces.map((path) => read(join(root, path)))];
  const asked = new Map(
    manifests.flatMap((manifest) => Object.entries(manifest.dependencies ?? {})),
  );
  const optional = manifests
    .flatMap((manifest) => Object.entries(manifest.optionalDependencies ?? {}))
    .filter(([name]) => platformPackages.test(name));
  const dependencies = installedPackages.map((name) => {
    const version = asked.get(name);
    if (version === undefined) throw new Error(`no workspace depends on ${name} any more`);
    return [name, version] as const;
  });
  const { version, description, license, engines } = own;
  const manifest = {
    name: 'interpulse',
    version,
    description,
    license,
    type: 'module',
    engines,
    bin: { interpulse: 'bin/interpulse.js' },
    exports: {
      './client': { types: './client/client.d.ts', default: './client/client.js' },
      './package.json': './package.json',
    },
    dependencies: byName(dependencies),
    optionalDependencies: byName(optional),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
