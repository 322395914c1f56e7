import { existsSync, lstatSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's path may have 107 bytes; PostgreSQL appends this name to the folder. */
const socketName = '/.s.PGSQL.5432';
const socketPathBytes = 107;

const fits = (folder: string): boolean => Buffer.byteLength(folder + socketName) <= socketPathBytes;

/**
 * The 0700 folder for the server's socket. The socket itself is open to every user of the machine
 * and asks for no password: only this folder protects it. It is `folder/sock`, or where that path
 * is too long for a socket, a folder in the temporary directory named in `folder/socket-folder`.
 */
export async function makeSocketFolder(folder: string): Promise<string> {
  const beside = join(folder, 'sock');
  if (fits(beside)) {
    await mkdir(beside, { recursive: true, mode: 0o700 });
    await chmod(beside, 0o700);
    return beside;
  }
  const note = join(folder, 'socket-folder');
  if (existsSync(note)) {
    const known = (await readFile(note, 'utf8')).trim();
    if (isOurs(known)) return known;
  }
  const base = fits(join(tmpdir(), 'interpulse-XXXXXX')) ? tmpdir() : '/tmp';
  const short = await mkdtemp(join(base, 'interpulse-'));
  await writeFile(note, `${short}\n`);
  return short;
}

/** Whether the folder is a real one that only we (or the server's user) can enter. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory() || (found.mode & 0o077) !== 0) return false;
  const uid = process.getuid?.();
  return uid === undefined || uid === 0 || found.uid === uid;
}
