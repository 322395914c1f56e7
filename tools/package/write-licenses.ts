import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const licenseFile = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The folder of the package that a bundled module belongs to, or undefined for our own. */
function packageFolder(modulePath: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(modulePath)?.[0];
}

function describe(folder: string): string {
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFacts;
  const texts = readdirSync(folder)
    .filter((name) => licenseFile.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const title = `## ${facts.name} ${facts.version} (${facts.license ?? 'see below'})`;
  return [title, ...texts].join('\n\n');
}

/**
 * Writes the licences of everything that is bundled: of the programs from their modules, of the
 * portal from the list that its own build made.
 * @throws Error when the portal has no such list.
 */
export function writeLicenses(root: string, folder: string, modules: readonly string[]): void {
  const found = modules.map(packageFolder).filter((path) => path !== undefined);
  const packages = [...new Set(found)].sort();
  const portal = join(root, 'apps', 'portal', 'dist', '.vite', 'license.md');
  if (!existsSync(portal)) throw new Error(`the portal was built without ${portal}`);
  const parts = [
    '# Licences of the packages within the programs',
    ...packages.map((path) => describe(join(root, path))),
    '# Licences of the packages within the portal',
    readFileSync(portal, 'utf8').trim(),
  ];
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.md'), `${parts.join('\n\n')}\n`);
}
