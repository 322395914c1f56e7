import { spawnSync } from 'node:child_process';
import { DomainError } from '@interpulse/domain/error.ts';

/** How the server's programs are started: what stands before the program, and whose they are. */
export interface ServerIdentity {
  /**
   * `ordinary`: as the user we are. `namespace`: root, hidden in an unmapped user namespace.
   * `switched`: root, changed to another user.
   */
  kind: 'ordinary' | 'namespace' | 'switched';
  /** Words before a program that ends by itself, such as initdb. */
  prefix: readonly string[];
  /** Words before the server; with `setpriv` it gets SIGINT when its parent dies. */
  serverPrefix: readonly string[];
  /** The owner that the data folder must have; undefined when ours is right. */
  owner: { uid: number; gid: number } | undefined;
}

const works = (words: readonly string[]): boolean =>
  spawnSync(words[0] ?? '', words.slice(1), { stdio: 'ignore' }).status === 0;

const deathSignal = ['--pdeathsig', 'INT'];

/** As root without user namespaces: become `postgres`, else `nobody`. */
export function switchedIdentity(): ServerIdentity | undefined {
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number.parseInt(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout ?? '', 10),
    );
    if (uid === undefined || gid === undefined || Number.isNaN(uid) || Number.isNaN(gid)) continue;
    const become = ['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'];
    if (!works([...become, 'true'])) continue;
    const serverPrefix = [...become, ...deathSignal];
    return { kind: 'switched', prefix: become, serverPrefix, owner: { uid, gid } };
  }
  return undefined;
}

/**
 * Chooses how to run PostgreSQL, which refuses to run as root. In an unmapped user namespace it
 * sees itself and its files as uid 65534, with no user to create and no file to hand over.
 * Throws `unavailable` when we are root and no way out of it works.
 */
export function chooseIdentity(): ServerIdentity {
  const hasSetpriv = works(['setpriv', ...deathSignal, 'true']);
  if (process.getuid?.() !== 0) {
    const serverPrefix = hasSetpriv ? ['setpriv', ...deathSignal] : [];
    return { kind: 'ordinary', prefix: [], serverPrefix, owner: undefined };
  }
  if (works(['unshare', '-U', 'true'])) {
    const hidden = ['unshare', '-U'];
    const serverPrefix = hasSetpriv ? [...hidden, 'setpriv', ...deathSignal] : hidden;
    return { kind: 'namespace', prefix: hidden, serverPrefix, owner: undefined };
  }
  const switched = hasSetpriv ? switchedIdentity() : undefined;
  if (switched !== undefined) return switched;
  throw new DomainError(
    'unavailable',
    'PostgreSQL does not run as root, and here there are neither user namespaces nor a usable ' +
      'user "postgres" or "nobody". Start Interpulse as an ordinary user, or give the address of ' +
      'a PostgreSQL server.',
  );
}
