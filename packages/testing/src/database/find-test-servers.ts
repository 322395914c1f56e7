import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A PostgreSQL that database tests run on. */
export interface TestServerKind {
  /** As it appears in the names of tests. */
  name: string;
  /** Folder of its programs; undefined for the embedded one. */
  binaries: string | undefined;
  /** Why it cannot be used here, or undefined when it can. */
  skip: string | undefined;
}

/** The server that every installation brings along. */
export const embeddedServer: TestServerKind = {
  name: 'embedded PostgreSQL',
  binaries: undefined,
  skip: undefined,
};

const debianFolder = '/usr/lib/postgresql';

/** The newest server of Debian's packages: the oldest major version we promise is among them. */
export const debianServer: TestServerKind = findDebianServer();

function findDebianServer(): TestServerKind {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const newest = versions
    .filter((version) => existsSync(join(debianFolder, version, 'bin', 'initdb')))
    .sort((left, right) => Number(right) - Number(left))[0];
  if (newest === undefined) {
    const skip = `no PostgreSQL server in ${debianFolder} (apt install postgresql)`;
    return { name: "Debian's PostgreSQL", binaries: undefined, skip };
  }
  const binaries = join(debianFolder, newest, 'bin');
  return { name: `Debian's PostgreSQL ${newest}`, binaries, skip: undefined };
}
