import { execFile } from 'node:child_process';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { Crew } from './crew/crew.ts';
import { composeLaunch, needsLauncher } from './launch/compose-launch.ts';
import { gpuVariablesHere } from './launch/gpu-variables.ts';
import { mpiKindOf, type MpiKind } from './launch/launcher-words.ts';
import type { Begun } from './make-report.ts';
import { chooseTasks, type BusyTask } from './packing/choose-tasks.ts';
import { couldRun, wholeGpu, type NodeRoom, type NodeSeat } from './packing/node-room.ts';
import type { PilotNode } from './nodes/pilot-node.ts';
import { ownVariables, type PilotConfig } from './pilot-config.ts';
import { pilotLimits } from './pilot-limits.ts';
import { RunningTask } from './running-task.ts';
import { attemptKey, type Attempt } from './seen-attempts.ts';
import { limits } from '@interpulse/domain/limits.ts';

/** A task on its nodes. */
export interface Placed extends Begun {
  task: Task;
  seats: readonly NodeSeat[];
  process: RunningTask;
}

/** What becomes of tasks that wait. */
export interface FloorChoice {
  begin: { task: Task; seats: NodeSeat[] }[];
  /** The nodes that are left could never run them. */
  impossible: Task[];
  tooLate: Task[];
  rest: Task[];
}

interface FloorSurroundings {
  environment: NodeJS.ProcessEnv;
  command: readonly string[];
  log: (message: string) => void;
}

interface OnFloor extends Placed {
  /** By the clock of `performance.now`. */
  endsByMs: number;
}

const nothing: NodeRoom = { cores: 0, gpus: [], memoryBytes: 0 };

/** The nodes of a pilot, who starts tasks on them, and what runs there. */
export class TaskFloor {
  readonly #config: PilotConfig;
  readonly #crew: Crew;
  readonly #gpuVariables: readonly string[];
  readonly #running = new Map<string, OnFloor>();
  #rooms: NodeRoom[];
  #mpiKind: MpiKind = 'hydra';

  /** `onChange` is called when tasks may begin that could not before. */
  constructor(config: PilotConfig, surroundings: FloorSurroundings, onChange: () => void) {
    const { environment, command, log } = surroundings;
    this.#config = config;
    this.#gpuVariables = gpuVariablesHere(environment);
    this.#rooms = wholeRooms(config);
    this.#crew = new Crew({
      config,
      command,
      environment: taskEnvironment(config, environment),
      handlers: { onLog: log, onChange },
    });
    if (config.launcher === 'mpiexec') this.#askMpi();
  }

  /** What runs. */
  get running(): readonly Placed[] {
    return [...this.#running.values()];
  }

  /** Its nodes without those on which nothing can be started any more. */
  get nodes(): PilotNode[] {
    return this.#config.nodes.filter((_, node) => !this.#crew.isGivenUp(node));
  }

  find(attempt: Attempt): Placed | undefined {
    return this.#running.get(attemptKey(attempt));
  }

  /** Why a task could never run here, in a sentence; null when it could. */
  faultOf(task: Task): string | null {
    const { nodes, cores, gpus, memoryBytes, ranksPerNode } = task.resources;
    if (needsLauncher(task) && this.#config.launcher === null) {
      const what = nodes > 1 ? `${nodes} nodes` : `${ranksPerNode} ranks`;
      return `it asks for ${what}; this site has no launcher for that (srun or mpiexec)`;
    }
    const whole = wholeRooms(this.#config);
    if (couldRun(whole, task.resources)) return null;
    const [first] = this.#config.nodes;
    const asked = [
      ...(nodes > 1 ? [`${nodes} nodes`] : []),
      `${cores} cores`,
      ...(gpus > 0 ? [`${gpus} GPUs`] : []),
      ...(memoryBytes > 0 ? [`${gigabytes(memoryBytes)} of memory`] : []),
    ];
    const had = [
      ...(nodes > 1 ? [`${whole.length} nodes`] : []),
      `${first?.cores ?? 0} cores`,
      ...(gpus > 0 ? [`${first?.gpuIds.length ?? 0} GPUs`] : []),
      ...(memoryBytes > 0 ? [gigabytes(first?.memoryBytes ?? 0)] : []),
    ];
    return `it asks for ${asked.join(', ')}; pilots here have ${had.join(', ')}`;
  }

  /** Which of the waiting tasks begin now. */
  choose(queue: readonly Task[], leftSeconds: number): FloorChoice {
    this.#noteGivenUp();
    const now = performance.now();
    const busy: BusyTask[] = [...this.#running.values()].map(({ seats, endsByMs }) => ({
      seats,
      leftSeconds: (endsByMs - now) / 1000,
    }));
    const { begin, tooLate } = chooseTasks(queue, [...busy, ...this.#notReady(busy)], {
      nodes: this.#rooms,
      leftSeconds,
    });
    const choice: FloorChoice = { begin: [], impossible: [], tooLate: [], rest: [] };
    const seatsAt = new Map(begin.map(({ place, seats }) => [place, seats]));
    const late = new Set(tooLate);
    const hasLost = this.#rooms.includes(nothing);
    for (const [place, task] of queue.entries()) {
      const seats = seatsAt.get(place);
      if (seats !== undefined) choice.begin.push({ task, seats });
      else if (late.has(place)) choice.tooLate.push(task);
      else if (hasLost && !couldRun(this.#rooms, task.resources)) choice.impossible.push(task);
      else choice.rest.push(task);
    }
    return choice;
  }

  /** Starts a task where {@link choose} found room. */
  start(task: Task, seats: readonly NodeSeat[], onBegan: (begun: Placed) => void): Placed {
    const node = seats[0]?.node ?? 0;
    const { argv, environment, hosts } = composeLaunch(task, {
      launcher: this.#config.launcher,
      mpiKind: this.#mpiKind,
      nodes: this.#config.nodes,
      seats,
      gpuVariables: this.#gpuVariables,
    });
    const process = new RunningTask(
      task,
      (handlers) => this.#crew.start(node, { argv, cwd: task.cwd, environment }, handlers),
      () => onBegan(placed),
    );
    // A launcher's ranks are not its children, and it leaves them behind when it is killed.
    const words = [`INTERPULSE_JOB_ID=${task.jobId}`, `INTERPULSE_ATTEMPT=${task.attempt}`];
    const nodes = seats.map((seat) => seat.node);
    const settle = needsLauncher(task) ? this.#crew.account(nodes, words) : null;
    const lastSeconds = task.resources.walltimeSeconds + limits.killGraceSeconds;
    const placed: OnFloor = {
      task,
      seats,
      process,
      argv,
      hosts,
      settle,
      endsByMs: performance.now() + lastSeconds * 1000,
      get pid() {
        return process.pid;
      },
      get startedAt() {
        return process.startedAt;
      },
    };
    this.#running.set(attemptKey(task), placed);
    return placed;
  }

  /** A task has ended: its nodes are free. */
  leave({ task }: Placed): void {
    this.#running.delete(attemptKey(task));
  }

  /** Ends everything at once. */
  close(): void {
    this.#crew.close();
  }

  /** Nodes whose spawners are on their way are as good as full. */
  #notReady(busy: readonly BusyTask[]): BusyTask[] {
    return this.#rooms.flatMap((room, node) => {
      if (room === nothing || this.#crew.isReady(node)) return [];
      const used = busy.flatMap(({ seats }) => seats.filter((seat) => seat.node === node));
      const cores = room.cores - used.reduce((sum, seat) => sum + seat.cores, 0);
      const rest = { node, cores, gpus: [], memoryBytes: 0 };
      return [{ seats: [rest], leftSeconds: pilotLimits.spawnerStartSeconds }];
    });
  }

  #noteGivenUp(): void {
    for (const node of this.#rooms.keys()) {
      if (this.#crew.isGivenUp(node)) this.#rooms[node] = nothing;
    }
  }

  #askMpi(): void {
    execFile('mpiexec', ['--version'], { timeout: 10_000 }, (_, stdout, stderr) => {
      this.#mpiKind = mpiKindOf(`${stdout} ${stderr}`);
    });
  }
}

function wholeRooms({ nodes }: PilotConfig): NodeRoom[] {
  return nodes.map(({ cores, gpuIds, memoryBytes }) => ({
    cores,
    gpus: gpuIds.map(() => wholeGpu),
    memoryBytes: memoryBytes || Infinity,
  }));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The pilot's own environment, as its batch system made it, without what is the pilot's only. */
function taskEnvironment(
  { pilotId }: PilotConfig,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const own = new Set(ownVariables);
  const passed = Object.entries(environment).flatMap(([name, value]) => {
    return value === undefined || own.has(name) ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), INTERPULSE_PILOT_ID: pilotId };
}
