import { spawn } from 'node:child_process';

/**
 * A shell that outlives the pilot. It keeps the process groups that the pilot names on its standard
 * input; when that ends, however the pilot ended, it kills these groups and, on Linux, everything
 * that carries the pilot's id in its environment, again and again until nothing is left.
 */
const script = `
trap '' HUP INT TERM
groups=' '
while read -r word group; do
  case $word in
    +) groups="$groups$group " ;;
    -) case $groups in
         *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;;
       esac ;;
  esac
done
round=0
while [ $round -lt 100 ]; do
  round=$((round + 1))
  for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
  left=
  if [ -d /proc/self ]; then
    for file in $(grep -lsaz "^INTERPULSE_PILOT_ID=$1\\$" /proc/[0-9]*/environ); do
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

/** The pilot's line to its reaper. */
export interface Reaper {
  /** A process group began. */
  add(group: number): void;
  /** A process group is gone. */
  remove(group: number): void;
}

/**
 * Starts the reaper of a pilot, in a session of its own. Its own environment does not carry the
 * pilot's id, and what follows never depends on its being alive.
 */
export function startReaper(pilotId: string): Reaper {
  const child = spawn('sh', ['-c', script, 'interpulse-reaper', pilotId], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    cwd: '/',
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  const write = (line: string): void => {
    if (child.stdin.writable) child.stdin.write(line);
  };
  return {
    add: (group) => write(`+ ${group}\n`),
    remove: (group) => write(`- ${group}\n`),
  };
}
