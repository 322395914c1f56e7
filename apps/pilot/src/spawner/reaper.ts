import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A shell that outlives its spawner. When its standard input ends, however the spawner ended, it
 * kills the process groups in the list on its third descriptor and, on Linux, everything that
 * carries the spawner's mark in its environment, again and again until nothing is left.
 */
const script = `
trap '' HUP INT TERM USR1 USR2
while read -r line; do :; done
groups=
while read -r group; do groups="$groups $group"; done <&3
round=0
while [ $round -lt 100 ]; do
  round=$((round + 1))
  for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
  left=
  if [ -d /proc/self ]; then
    for file in $(grep -lsaz "^INTERPULSE_SPAWNER=$1\\$" /proc/[0-9]*/environ); do
      pid=\${file#/proc/}
      pid=\${pid%/environ}
      [ "$pid" = "$$" ] && continue
      kill -s KILL "$pid" 2>/dev/null && left=yes
    done
  fi
  [ -z "$left" ] && exit 0
  sleep 0.05
done
`;

/** Digits of a pid, and the end of the line. */
const slotBytes = 12;

/** A spawner's line to its reaper. */
export interface Reaper {
  /** A process group began. */
  add(group: number): void;
  /** A process group is gone. */
  remove(group: number): void;
}

/**
 * Starts the reaper of a spawner, in a session of its own. Its own environment does not carry the
 * mark, and what follows never depends on its being alive. The list lies in a file without a name:
 * writing to it costs a few microseconds, and nobody reads it before it is needed.
 */
export function startReaper(mark: string): Reaper {
  const list = openList();
  const child = spawn('sh', ['-c', script, 'interpulse-reaper', mark], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', list?.read ?? 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    cwd: '/',
  });
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (list === null) return { add: () => undefined, remove: () => undefined };
  closeSync(list.read);
  const slots = new Map<number, number>();
  const free: number[] = [];
  const put = (slot: number, text: string): void => {
    try {
      writeSync(list.write, text.padEnd(slotBytes - 1).concat('\n'), slot * slotBytes);
    } catch {
      // A full disk: the mark in the environment still finds nearly everything.
    }
  };
  return {
    add: (group) => {
      const slot = free.pop() ?? slots.size;
      slots.set(group, slot);
      put(slot, String(group));
    },
    remove: (group) => {
      const slot = slots.get(group);
      if (slot === undefined) return;
      slots.delete(group);
      free.push(slot);
      put(slot, '');
    },
  };
}

/** A file to write and to read that nobody else finds; null where none can be made. */
function openList(): { read: number; write: number } | null {
  for (const base of ['/dev/shm', tmpdir()]) {
    try {
      const folder = mkdtempSync(join(base, 'interpulse-'));
      const path = join(folder, 'groups');
      try {
        return { write: openSync(path, 'w'), read: openSync(path, 'r') };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // The next place.
    }
  }
  return null;
}
