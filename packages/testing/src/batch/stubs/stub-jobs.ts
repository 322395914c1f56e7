import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a stub command needs to know to start a batch job. */
export interface StubSubmission {
  name: string;
  script: string;
  folder: string;
  stdout: string;
  stderr: string;
  environment: Record<string, string>;
  /** Accepted, and waits for ever for this reason; null for what runs at once. */
  waitsFor: string | null;
}

/** A batch job as the stubs remember it. */
export interface StubJob extends StubSubmission {
  id: number;
  state: 'waiting' | 'running' | 'ended';
  isCanceled: boolean;
  /** As a shell tells it: 128 and the signal for what was killed. */
  status: number;
  startedSeconds: number;
}

/** Runs the script in a process group of its own and notes how it ended, as a batch system does. */
const runner = `
set -m
sh "$1/script" >> "$2" 2>> "$3" < /dev/null &
echo $! > "$1/pid"
wait $!
status=$?
echo $status > "$1/end.part"
mv "$1/end.part" "$1/end"
`;

/** The batch jobs of a stub batch system: a folder each, so that they outlive the commands. */
export class StubJobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Starts a batch job and answers its number; `environment` is made for that number. */
  submit(make: (id: number) => StubSubmission): number {
    const id = this.#nextId();
    const submission = make(id);
    const folder = join(this.#folder, String(id));
    copyFileSync(submission.script, join(folder, 'script'));
    writeFileSync(
      join(folder, 'job'),
      JSON.stringify({ ...submission, startedSeconds: Math.floor(Date.now() / 1000) }),
    );
    if (submission.waitsFor !== null) return id;
    const words = [folder, submission.stdout, submission.stderr];
    spawn('bash', ['-c', runner, 'stub', ...words], {
      cwd: submission.folder,
      env: submission.environment,
      detached: true,
      stdio: 'ignore',
    }).unref();
    return id;
  }

  /** All batch jobs in their order. */
  list(): StubJob[] {
    return readdirSync(this.#folder)
      .map(Number)
      .sort((left, right) => left - right)
      .flatMap((id) => this.find(id) ?? []);
  }

  /** One batch job, or null. */
  find(id: number): StubJob | null {
    const folder = join(this.#folder, String(id));
    if (!existsSync(join(folder, 'job'))) return null;
    const submission: StubSubmission & { startedSeconds: number } = JSON.parse(
      readFileSync(join(folder, 'job'), 'utf8'),
    );
    const isCanceled = existsSync(join(folder, 'canceled'));
    const isOver = existsSync(join(folder, 'end'));
    const waits = submission.waitsFor !== null;
    const state = isOver || (waits && isCanceled) ? 'ended' : waits ? 'waiting' : 'running';
    const status = isOver ? Number(readFileSync(join(folder, 'end'), 'utf8')) : 0;
    return { ...submission, id, state, isCanceled, status };
  }

  /** TERM, and KILL a second later. */
  cancel(job: StubJob): void {
    const folder = join(this.#folder, String(job.id));
    writeFileSync(join(folder, 'canceled'), '');
    if (job.state !== 'running') return;
    const kill = `
      until [ -s "$1/pid" ]; do sleep 0.02; done
      read -r pid < "$1/pid"
      kill -TERM -"$pid"; sleep 1; kill -KILL -"$pid"`;
    const words = ['-c', kill, 'stub', folder];
    spawn('bash', words, { detached: true, stdio: 'ignore' }).unref();
  }

  #nextId(): number {
    for (let id = readdirSync(this.#folder).length + 1; ; id += 1) {
      try {
        mkdirSync(join(this.#folder, String(id)));
        return id;
      } catch {
        // Another command has taken it.
      }
    }
  }
}
