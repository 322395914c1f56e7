import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { BatchJob, BatchRequest, BatchSystem } from './batch-system.ts';
import { isAlive, parseStat, type ProcessIdentity } from './process-identity.ts';

/**
 * The child writes down who it is before it becomes the pilot, and only if nobody has yet: of two
 * submissions of one pilot, cut off wherever, one runs. `set -C` makes `>` refuse what is there.
 */
const launcher = `
set -C
boot=
stat=
[ -r /proc/sys/kernel/random/boot_id ] && read -r boot < /proc/sys/kernel/random/boot_id
[ -r /proc/$$/stat ] && read -r stat < /proc/$$/stat
printf '%s\\n%s\\n%s\\n' "$$" "$boot" "$stat" > process || exit 73
exec "$@"
`;

/** How long a submitted child may take to write down who it is. */
const launchSeconds = 10;

/**
 * Pilots as processes of this machine, which outlive the agent: each in a session of its own, with
 * a folder below `folder` that says which process it is, so that a later agent finds it again.
 */
export function localBatch(folder: string): BatchSystem {
  return new LocalBatch(folder);
}

class LocalBatch implements BatchSystem {
  readonly driver = 'local';
  readonly spansNodes = false;
  readonly tellsChanges = true;
  readonly #folder: string;
  /** Started by this process and not yet ended. */
  readonly #children = new Map<PilotId, ChildProcess>();
  readonly #submitting = new Map<PilotId, Promise<string>>();
  #changed: () => void = () => undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  submit(request: BatchRequest): Promise<string> {
    const { pilotId } = request;
    const known = this.#submitting.get(pilotId);
    if (known !== undefined) return known;
    const submitting = this.#submit(request).finally(() => this.#submitting.delete(pilotId));
    this.#submitting.set(pilotId, submitting);
    return submitting;
  }

  async #submit(request: BatchRequest): Promise<string> {
    const { pilotId, nodes, walltimeSeconds } = request;
    if (nodes !== 1) {
      const said = `submitting ${pilotId}: this machine is one node, not ${nodes}`;
      throw new DomainError('invalid', `${said}; set nodesPerPilot of the site's pool to 1`);
    }
    const known = await this.#readIdentity(pilotId);
    if (known !== null) return String(known.pid);
    const place = join(this.#folder, pilotId);
    try {
      await mkdir(place, { recursive: true, mode: 0o700 });
      await mkdir(request.folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw unavailable(`submitting ${pilotId}: cannot make its folder`, cause);
    }
    const child = this.#spawn(request, place);
    const endsAtMs = performance.now() + launchSeconds * 1000;
    while (performance.now() < endsAtMs) {
      const identity = await this.#readIdentity(pilotId);
      if (identity !== null) {
        this.#limitWalltime(child, walltimeSeconds);
        return String(identity.pid);
      }
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
      await delay(2);
    }
    child.kill('SIGKILL');
    throw unavailable(`submitting ${pilotId}: its process did not start`, null);
  }

  #spawn(request: BatchRequest, place: string): ChildProcess {
    const { pilotId, command, environment } = request;
    const files = ['stdout', 'stderr'].map((name) => openSync(join(place, name), 'a'));
    try {
      const child = spawn('sh', ['-c', launcher, 'interpulse-launcher', ...command], {
        cwd: place,
        env: environment,
        detached: true,
        stdio: ['ignore', ...files],
      });
      child.unref();
      this.#children.set(pilotId, child);
      child.on('error', () => this.#children.delete(pilotId));
      child.once('exit', (code, signal) => void this.#noteEnd(pilotId, code, signal));
      return child;
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  /** A batch system ends what outlives its walltime; the pilot itself ends earlier. */
  #limitWalltime(child: ChildProcess, walltimeSeconds: number): void {
    const timer = setTimeout(
      () => child.kill('SIGTERM'),
      Math.min(2 ** 31 - 1, walltimeSeconds * 1000),
    ).unref();
    child.once('exit', () => clearTimeout(timer));
  }

  async #noteEnd(pilotId: PilotId, code: number | null, signal: string | null): Promise<void> {
    const identity = await this.#readIdentity(pilotId);
    // The launcher that came second has nothing to say of the pilot.
    if (identity !== null && identity.pid === this.#children.get(pilotId)?.pid) {
      const path = join(this.#folder, pilotId, 'end');
      await writeFile(path, JSON.stringify({ exitCode: code, signal })).catch(() => undefined);
    }
    this.#children.delete(pilotId);
    this.#changed();
  }

  async list(): Promise<BatchJob[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw unavailable(`reading the pilots of this machine in ${this.#folder}`, error);
    }
    const ids = names.flatMap((name) => {
      const parsed = idSchema('pilot').safeParse(name);
      return parsed.success ? [parsed.data] : [];
    });
    const jobs = await Promise.all(ids.map((id) => this.#look(id)));
    return jobs.filter((job) => job !== null);
  }

  async #look(pilotId: PilotId): Promise<BatchJob | null> {
    const identity = await this.#readIdentity(pilotId);
    // A folder without a process is of a submission that was cut off: it was never submitted.
    if (identity === null) return null;
    const child = this.#children.get(pilotId);
    const runs = child === undefined ? await isAlive(identity) : true;
    const end = runs ? null : await this.#readEnd(pilotId);
    return {
      pilotId,
      batchJobId: String(identity.pid),
      state: runs ? 'running' : 'ended',
      hosts: runs ? [hostname()] : [],
      expectedAt: null,
      restarts: 0,
      exitCode: end?.exitCode ?? null,
      signal: end?.signal ?? null,
      reason: runs ? null : await this.#lastWords(pilotId),
    };
  }

  async cancel(pilotIds: readonly PilotId[]): Promise<void> {
    await Promise.all(pilotIds.map((pilotId) => this.#cancel(pilotId)));
  }

  async #cancel(pilotId: PilotId): Promise<void> {
    const identity = await this.#readIdentity(pilotId);
    if (identity === null || !(await isAlive(identity))) return;
    signal(identity.pid, 'SIGTERM');
    const endsAtMs = performance.now() + (limits.killGraceSeconds + 2) * 1000;
    while (performance.now() < endsAtMs) {
      if (!(await isAlive(identity))) return;
      await delay(20);
    }
    signal(identity.pid, 'SIGKILL');
  }

  async forget(pilotIds: readonly PilotId[]): Promise<void> {
    for (const pilotId of pilotIds) {
      if (this.#children.has(pilotId)) continue;
      const identity = await this.#readIdentity(pilotId);
      if (identity !== null && (await isAlive(identity))) continue;
      await rm(join(this.#folder, pilotId), { recursive: true, force: true });
    }
  }

  async #readIdentity(pilotId: PilotId): Promise<ProcessIdentity | null> {
    const path = join(this.#folder, pilotId, 'process');
    const text = await readFile(path, 'utf8').catch(() => null);
    // The last line ends last; until then the child is still writing.
    const lines = text?.split('\n') ?? [];
    if (lines.length < 4) return null;
    const [pid = '', bootId = '', stat = ''] = lines;
    const startTicks = parseStat(stat)?.startTicks ?? null;
    return { pid: Number(pid), bootId: bootId === '' ? null : bootId, startTicks };
  }

  async #readEnd(
    pilotId: PilotId,
  ): Promise<{ exitCode: number | null; signal: string | null } | null> {
    const text = await readFile(join(this.#folder, pilotId, 'end'), 'utf8').catch(() => null);
    try {
      return text === null ? null : JSON.parse(text);
    } catch {
      // A full disk, or a machine that stopped, has cut it short.
      return null;
    }
  }

  async #lastWords(pilotId: PilotId): Promise<string | null> {
    const path = join(this.#folder, pilotId, 'stderr');
    const text = await readFile(path, 'utf8').catch(() => '');
    const lines = text.trimEnd().split('\n').slice(-3).join('; ').slice(-500);
    return lines === '' ? null : lines;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function unavailable(what: string, cause: unknown): DomainError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new DomainError('unavailable', `${what}${why}; see the agent's state folder`, { cause });
}
