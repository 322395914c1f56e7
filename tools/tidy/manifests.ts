import { posix } from 'node:path';

import { type Finding, findPattern, lineAt, type Rule } from './rule.ts';

// Put together so that no tracked file holds the text the rule looks for.
const resolvedAddress = new RegExp(['"resolved": "', '(?:https?|git)[^"]*'].join(''), 'g');

/** Users and CI install from different sources: the lock file keeps hashes, not addresses. */
export const lockWithoutAddresses: Rule = {
  name: 'package-lock.json holds no addresses',
  check: (file) => {
    if (posix.basename(file.path) !== 'package-lock.json') return [];
    return findPattern(
      file.text,
      resolvedAddress,
      'run npm install with the .npmrc of the project',
    );
  },
};

const exactVersion = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An older npm picks other releases out of a range: see the engines of each package. */
export const exactVersions: Rule = {
  name: 'every package.json names exact versions',
  check: (file) => {
    if (posix.basename(file.path) !== 'package.json') return [];
    const manifest = JSON.parse(file.text) as Manifest;
    const findings: Finding[] = [];
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    for (const group of [dependencies, devDependencies, optionalDependencies]) {
      for (const [name, version] of Object.entries(group ?? {})) {
        if (exactVersion.test(version)) continue;
        const position = file.text.indexOf(`"${name}": "${version}"`);
        const line = position < 0 ? 1 : lineAt(file.text, position);
        findings.push({ line, message: `${name} ${version}` });
      }
    }
    return findings;
  },
};
