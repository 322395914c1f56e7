import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { HubToAgent, Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { AgentToPilot, Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { Collections } from '../collections/collections.ts';
import type { AppGuard } from './app-guard.ts';
import { taskKey, type HeldTask, type KnownPilot } from './known-pilot.ts';
import { prepareTask, type Workshop } from './prepare-task.ts';
import type { JobRelay } from './job-relay.ts';
import { unstartedReport } from './unstarted-report.ts';
import { WorkFolders } from './work-folders.ts';

type Attempt = Extract<HubToAgent, { type: 'cancelJobs' }>['jobs'][number];

/** What the desk works with. */
export interface DeskSurroundings {
  collections: Collections;
  guard: AppGuard;
  /** Address of the hub, for jobs that may use it. */
  hub: string;
  relay: JobRelay;
  send: (pilotId: PilotId, message: AgentToPilot) => void;
}

/** Attempts of former incarnations of a pilot that are remembered. */
const goneKept = 10_000;

/** Leases made ready together: one slow folder holds up no more than these. */
const leasesAtOnce = 64;

/** Makes leases ready, gives them to their pilots, and knows which attempts they hold. */
export class TaskDesk {
  readonly #with: DeskSurroundings;
  readonly #folders: WorkFolders;
  /** Whose work folder it is, so that no two attempts write into one. */
  readonly #claims = new Map<Location, string>();
  readonly #attemptsOfJob = new Map<JobId, number>();

  constructor(surroundings: DeskSurroundings) {
    this.#with = surroundings;
    this.#folders = new WorkFolders(surroundings.collections);
  }

  /** Whether an attempt of this job is with a pilot. */
  holds(jobId: JobId): boolean {
    return this.#attemptsOfJob.has(jobId);
  }

  /** Gives leases to a pilot that has said what it holds. */
  async give(pilot: KnownPilot, leases: readonly Lease[]): Promise<void> {
    const fresh = leases.filter((lease) => {
      const key = taskKey(lease);
      return !pilot.tasks.has(key) && !pilot.gone.has(key);
    });
    const locate = this.#locator();
    for (const { jobId, attempt, workFolder } of fresh) {
      this.#hold(pilot, { jobId, attempt, workFolder, fate: null, isGiven: false });
    }
    for (let at = 0; at < fresh.length; at += leasesAtOnce) {
      await this.#giveTogether(pilot, fresh.slice(at, at + leasesAtOnce), locate);
    }
  }

  async #giveTogether(
    pilot: KnownPilot,
    leases: readonly Lease[],
    locate: Workshop['locate'],
  ): Promise<void> {
    const { pilotId } = pilot;
    const untold: JobReport[] = [];
    const workshop = { ...this.#with, folders: this.#folders, locate };
    const prepared = await Promise.all(
      leases.map(async (lease) => {
        try {
          this.#claim(lease);
          return await prepareTask(lease, workshop);
        } catch (error) {
          untold.push(describeUnstarted(pilotId, lease, error));
          return null;
        }
      }),
    );
    const tasks: Task[] = [];
    for (const task of prepared) {
      const held = task === null ? undefined : pilot.tasks.get(taskKey(task));
      // Without an entry it was taken away, and that was told, while its folder was being made.
      if (task === null || held === undefined) continue;
      if (held.fate !== null) {
        untold.push(unstartedReport(pilotId, task, held.fate, null));
      } else {
        held.isGiven = true;
        tasks.push(task);
      }
    }
    if (tasks.length > 0) this.#with.send(pilotId, { type: 'tasks', tasks });
    await this.take(pilot, untold);
  }

  #claim(lease: Lease): void {
    const owner = this.#claims.get(lease.workFolder);
    const key = taskKey(lease);
    if (owner !== undefined && owner !== key) {
      const said = `its work folder ${lease.workFolder} is that of another attempt (${owner})`;
      throw new DomainError('conflict', `${said}; submit the job again`);
    }
    this.#claims.set(lease.workFolder, key);
  }

  /** One input of a thousand jobs is looked for once. */
  #locator(): Workshop['locate'] {
    const known = new Map<Location, Promise<string>>();
    return (location) => {
      const path = known.get(location) ?? this.#with.collections.existing(location);
      known.set(location, path);
      return path;
    };
  }

  /** Notes what a pilot says that it holds. */
  note(pilot: KnownPilot, attempts: readonly { jobId: JobId; attempt: number }[]): void {
    for (const { jobId, attempt } of attempts) {
      const known = pilot.tasks.get(taskKey({ jobId, attempt }));
      if (known !== undefined) known.isGiven = true;
      else this.#hold(pilot, { jobId, attempt, workFolder: null, fate: null, isGiven: true });
    }
  }

  /**
   * Ends attempts, or takes back those that have not begun. Those that their pilot has not been
   * given yet never begin.
   */
  recall(pilot: KnownPilot, attempts: readonly Attempt[], fate: 'canceled' | 'released'): void {
    const keys = new Set(attempts.map(taskKey));
    const [waiting, staying]: [Lease[], Lease[]] = [[], []];
    for (const lease of pilot.leases) (keys.has(taskKey(lease)) ? waiting : staying).push(lease);
    pilot.leases = staying;
    for (const key of keys) {
      const held = pilot.tasks.get(key);
      if (held?.isGiven === false) held.fate ??= fate;
    }
    if (fate === 'released') {
      void this.#with.relay.add(this.#released(pilot, waiting, 'another pilot has room for it'));
    }
    const tasks = attempts.map(({ jobId, attempt }) => ({ jobId, attempt }));
    const type = fate === 'released' ? 'returnTasks' : 'cancelTasks';
    this.#with.send(pilot.pilotId, { type, tasks });
  }

  /** Passes on what is reported of a pilot's attempts; resolves when the hub knows it too. */
  take(pilot: KnownPilot, reports: readonly JobReport[]): Promise<void> {
    const current = reports.filter((report) => !pilot.gone.has(taskKey(report)));
    for (const report of current) {
      if (report.event !== 'started') this.#drop(pilot, taskKey(report));
    }
    return this.#with.relay.add(current);
  }

  /**
   * The pilot's process is no more, and another one may come under its id: what it held was
   * preempted, what it was never given goes back. Each is told once; later words about it are not
   * passed on.
   */
  takeAway(pilot: KnownPilot, reason: string): Promise<void> {
    const { pilotId } = pilot;
    const reports = [...pilot.tasks.values()].map((held) =>
      unstartedReport(
        pilotId,
        held,
        held.isGiven ? 'preempted' : (held.fate ?? 'released'),
        reason,
      ),
    );
    const waiting = this.#released(pilot, pilot.leases.splice(0), reason);
    for (const key of [...pilot.tasks.keys()]) {
      this.#drop(pilot, key);
      noteGone(pilot, key);
    }
    return this.#with.relay.add([...reports, ...waiting]);
  }

  /** Gives leases back that came for a pilot without a process. */
  giveBack(pilot: KnownPilot, leases: readonly Lease[]): void {
    const reason = 'its pilot is not running any more';
    const reports = this.#released(pilot, leases, reason);
    void this.#with.relay.add(reports);
  }

  #released(pilot: KnownPilot, leases: readonly Lease[], reason: string): JobReport[] {
    const untold = leases.filter((lease) => {
      return !pilot.tasks.has(taskKey(lease)) && !pilot.gone.has(taskKey(lease));
    });
    for (const lease of untold) noteGone(pilot, taskKey(lease));
    return untold.map((lease) => unstartedReport(pilot.pilotId, lease, 'released', reason));
  }

  /** Forgets the attempts of a pilot that has ended. */
  forget(pilot: KnownPilot): void {
    for (const key of [...pilot.tasks.keys()]) this.#drop(pilot, key);
  }

  #hold(pilot: KnownPilot, task: HeldTask): void {
    pilot.tasks.set(taskKey(task), task);
    const { jobId } = task;
    this.#attemptsOfJob.set(jobId, (this.#attemptsOfJob.get(jobId) ?? 0) + 1);
  }

  #drop(pilot: KnownPilot, key: string): void {
    const held = pilot.tasks.get(key);
    if (held === undefined) return;
    pilot.tasks.delete(key);
    const { jobId, workFolder } = held;
    const others = (this.#attemptsOfJob.get(jobId) ?? 1) - 1;
    if (others > 0) this.#attemptsOfJob.set(jobId, others);
    else this.#attemptsOfJob.delete(jobId);
    if (workFolder !== null && this.#claims.get(workFolder) === key)
      this.#claims.delete(workFolder);
  }
}

function noteGone({ gone }: KnownPilot, key: string): void {
  gone.add(key);
  if (gone.size <= goneKept) return;
  const [oldest] = gone;
  if (oldest !== undefined) gone.delete(oldest);
}

/**
 * What the site has to mend, such as a full disk, is no failure of the job: it is given back, for
 * another site or for later. A site that fails whatever it is given would soon have had it all.
 */
function describeUnstarted(pilotId: PilotId, lease: Lease, error: unknown): JobReport {
  const why = `it was not started: ${error instanceof Error ? error.message : String(error)}`;
  const isOfSite = error instanceof DomainError && error.kind === 'unavailable';
  return unstartedReport(pilotId, lease, isOfSite ? 'released' : 'failed', why);
}
