import { openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { getSystemErrorName } from 'node:util';
import { findProgram } from './find-program.ts';
import type { OnProcessEnd, ProcessOrder, ProcessStarter } from './process-starter.ts';

type Call = (...values: unknown[]) => number;

interface Foreign {
  load(path: null): { func(prototype: string): Call };
}

/** POSIX_SPAWN_SETSIGDEF, _SETSIGMASK and _SETSID, the same in glibc and musl. */
const flags = 0x04 | 0x08 | 0x80;
const waitNoHang = 1;
/** More than any C library needs for what it keeps in them. */
const structBytes = 1024;
/** Of `struct rusage` with 64-bit times: user and system time, peak in kB, pages touched. */
const rusage = { userAt: 0, systemAt: 16, peakAt: 32, faultsAt: 64 };
const pageBytes = 4096;

const signalNames = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name] as const),
);

/**
 * Starts processes by `posix_spawn` and waits for them by `wait4`: half of the cost of Node's own
 * way, which copies the page tables of its process for each, and the system's account of what each
 * one used. Null where the library that calls C functions is not there, or finds none of them.
 *
 * It waits for all children of this process: nothing else here may have any that matter.
 */
export function posixStarter(onEnd: OnProcessEnd): ProcessStarter | null {
  const calls = loadCalls();
  if (calls === null) return null;
  const attributes = Buffer.alloc(structBytes);
  calls.initAttributes(attributes);
  calls.setFlags(attributes, flags);
  // Whatever is ignored here, as Node does with SIGPIPE, is not in what it starts.
  calls.setDefaults(attributes, Buffer.alloc(128, 0xff));
  calls.setMask(attributes, Buffer.alloc(128));
  const empty = openSync('/dev/null', 'r');
  process.on('SIGCHLD', () => collect(calls, onEnd));
  return {
    isExact: true,
    start: (order) => {
      try {
        return start(calls, attributes, empty, order);
      } finally {
        process.chdir('/');
      }
    },
  };
}

type Calls = NonNullable<ReturnType<typeof loadCalls>>;

function loadCalls() {
  if (process.platform !== 'linux') return null;
  try {
    const path = fileURLToPath(
      import.meta.resolve(`@koromix/koffi-${process.platform}-${process.arch}`),
    );
    const { load } = createRequire(path)(path) as Foreign;
    const c = load(null);
    return {
      spawn: c.func(
        'int posix_spawn(_Out_ int *pid, const char *path, const void *actions, ' +
          'const void *attributes, const char **argv, const char **environment)',
      ),
      initActions: c.func('int posix_spawn_file_actions_init(void *actions)'),
      freeActions: c.func('int posix_spawn_file_actions_destroy(void *actions)'),
      moveFile: c.func('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)'),
      initAttributes: c.func('int posix_spawnattr_init(void *attributes)'),
      setFlags: c.func('int posix_spawnattr_setflags(void *attributes, short flags)'),
      setDefaults: c.func('int posix_spawnattr_setsigdefault(void *attributes, const void *set)'),
      setMask: c.func('int posix_spawnattr_setsigmask(void *attributes, const void *set)'),
      wait: c.func('int wait4(int pid, void *status, int options, void *usage)'),
    };
  } catch {
    return null;
  }
}

function start(calls: Calls, attributes: Buffer, empty: number, order: ProcessOrder): number {
  const { argv, cwd, environment, stdout, stderr } = order;
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  if ([...argv, ...words].some((word) => word.includes('\0'))) {
    throw Object.assign(new Error('a word holds a zero byte'), { code: 'EINVAL' });
  }
  process.chdir(cwd);
  const path = findProgram(argv[0] ?? '', environment['PATH']);
  const actions = Buffer.alloc(structBytes);
  calls.initActions(actions);
  try {
    for (const [to, from] of [empty, stdout, stderr].entries()) calls.moveFile(actions, from, to);
    const pid = [0];
    const begin = (program: string, given: readonly string[]): number =>
      calls.spawn(pid, program, actions, attributes, [...given, null], [...words, null]);
    let fault = begin(path, argv);
    // A script without a line that says what reads it: `execvp` gives it to the shell.
    if (fault === constants.errno.ENOEXEC) {
      fault = begin('/bin/sh', ['/bin/sh', path, ...argv.slice(1)]);
    }
    if (fault !== 0) {
      const code = getSystemErrorName(-fault);
      throw Object.assign(new Error(`${argv[0]}: ${code}`), { code });
    }
    return pid[0] ?? 0;
  } finally {
    calls.freeActions(actions);
  }
}

const status = Buffer.alloc(4);
const usage = Buffer.alloc(structBytes);

function collect(calls: Calls, onEnd: OnProcessEnd): void {
  for (;;) {
    const pid = calls.wait(-1, status, waitNoHang, usage);
    if (pid <= 0) return;
    const word = status.readInt32LE(0);
    const signal = word & 0x7f;
    onEnd(pid, {
      exitCode: signal === 0 ? (word >> 8) & 0xff : null,
      signal: signal === 0 ? null : (signalNames.get(signal) ?? `SIG${signal}`),
      cpuSeconds: secondsAt(rusage.userAt) + secondsAt(rusage.systemAt),
      peakMemoryBytes: peakBytes(),
    });
  }
}

function secondsAt(place: number): number {
  const microseconds = Number(usage.readBigInt64LE(place + 8));
  return Number(usage.readBigInt64LE(place)) + microseconds / 1e6;
}

/**
 * A child counts with the peak of this process, since it shared its memory before it began. Below
 * that the pages that it touched tell: each is a fault.
 */
function peakBytes(): number {
  const counted = Number(usage.readBigInt64LE(rusage.peakAt)) * 1024;
  const ours = process.resourceUsage().maxRSS * 1024;
  if (counted > ours) return counted;
  return Math.min(ours, Number(usage.readBigInt64LE(rusage.faultsAt)) * pageBytes);
}
