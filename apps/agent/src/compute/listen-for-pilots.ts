import { existsSync, lstatSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, unlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';

/** A Unix socket's path may have 107 bytes. */
const socketPathBytes = 107;
const socketName = 'pilots';

/**
 * Listens for pilots on a Unix socket in the state folder. The address stays the same when the
 * agent restarts, so that its pilots find it again.
 *
 * @throws DomainError `conflict` when another agent works in this folder.
 */
export async function listenForPilots(
  folder: string,
  onSocket: (socket: Socket) => void,
): Promise<{ path: string; server: Server }> {
  const path = join(await makeSocketFolder(folder), socketName);
  if (await answers(path)) {
    const said = `another agent works in ${folder}; stop it, or give this one its own folder`;
    throw new DomainError('conflict', said);
  }
  await unlink(path).catch(() => undefined);
  const server = createServer(onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const said = `listening for pilots at ${path}: ${cause.message}`;
      reject(new DomainError('unavailable', said, { cause }));
    });
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return { path, server };
}

/** The 0700 folder of the socket: in the state folder, or a short one that is noted there. */
async function makeSocketFolder(folder: string): Promise<string> {
  const beside = join(folder, 'sock');
  await mkdir(beside, { recursive: true, mode: 0o700 });
  await chmod(beside, 0o700);
  if (Buffer.byteLength(join(beside, socketName)) <= socketPathBytes) return beside;
  const note = join(folder, 'socket-folder');
  if (existsSync(note)) {
    const known = (await readFile(note, 'utf8')).trim();
    if (isOurs(known)) return known;
  }
  const base = Buffer.byteLength(tmpdir()) <= socketPathBytes / 2 ? tmpdir() : '/tmp';
  const short = await mkdtemp(join(base, 'interpulse-'));
  await writeFile(note, `${short}\n`);
  return short;
}

function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory() || (found.mode & 0o077) !== 0) return false;
  const uid = process.getuid?.();
  return uid === undefined || found.uid === uid;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
