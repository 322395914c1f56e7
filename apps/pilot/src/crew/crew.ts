import { randomBytes } from 'node:crypto';
import { nodeStartWords } from '../launch/launcher-words.ts';
import type { PilotConfig } from '../pilot-config.ts';
import type { ProcessUsage, SpawnerOrder } from '../spawner/spawner-messages.ts';
import { CallBackServer } from './call-back-server.ts';
import { startSpawner } from './spawner-link.ts';
import { SpawnerSlot, type ProcessHandlers, type SlotHandlers } from './spawner-slot.ts';

/** What a process is made of; see {@link SpawnerOrder}. */
export type CrewOrder = Omit<Extract<SpawnerOrder, { do: 'spawn' }>, 'do' | 'id'>;

/** A process that was asked for. */
export interface CrewProcess {
  /** To its whole process group, while it runs. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** What a crew is made for. */
export interface CrewSurroundings {
  config: Pick<PilotConfig, 'pilotId' | 'nodes' | 'launcher' | 'nodeStart' | 'spawners'>;
  /** Starts the pilot's own program. */
  command: readonly string[];
  /** What every task inherits. */
  environment: Record<string, string>;
  handlers: SlotHandlers;
}

/** The spawners of a pilot: on its own node as children, on others through a launcher. */
export class Crew {
  readonly #surroundings: CrewSurroundings;
  readonly #slots: SpawnerSlot[][];
  #server: CallBackServer | null = null;
  #nextId = 1;
  /** Nobody can call from other nodes. */
  #isAlone = false;
  #isClosed = false;

  constructor(surroundings: CrewSurroundings) {
    this.#surroundings = surroundings;
    const { nodes, spawners } = surroundings.config;
    this.#slots = nodes.map(() => []);
    this.#slots[0]?.push(...Array.from({ length: spawners }, () => this.#open(0, null)));
    if (nodes.length > 1) void this.#reachOthers();
  }

  /** Whether tasks can be started on a node now. */
  isReady(node: number): boolean {
    return this.#slots[node]?.some(({ isReady }) => isReady) ?? false;
  }

  /** Whether no spawner will come up on a node any more. */
  isGivenUp(node: number): boolean {
    const slots = this.#slots[node] ?? [];
    if (slots.length === 0) return this.#isAlone;
    return slots.every(({ isGivenUp }) => isGivenUp);
  }

  /** Starts a process on a node that is ready, at the spawner with the least to do. */
  start(node: number, order: CrewOrder, handlers: ProcessHandlers): CrewProcess {
    const id = (this.#nextId += 1);
    let best: SpawnerSlot | null = null;
    for (const slot of this.#slots[node] ?? []) {
      if (slot.isReady && (best === null || slot.load < best.load)) best = slot;
    }
    if (best === null) {
      setImmediate(() => handlers.onEnded({ kind: 'lost', reason: 'no spawner is there' }));
      return { signal: () => undefined };
    }
    const chosen = best;
    chosen.spawn({ do: 'spawn', id, ...order }, handlers);
    return { signal: (signal) => chosen.send({ do: 'signal', id, signal }) };
  }

  /**
   * Follows on these nodes what processes use with these `NAME=value` in their environment. What it
   * returns kills what is left of them, and resolves with the sum, null where a node does not say.
   */
  account(nodes: readonly number[], words: string[]): () => Promise<ProcessUsage | null> {
    const id = (this.#nextId += 1);
    const slots = nodes.map((node) => this.#slots[node]?.find(({ isReady }) => isReady));
    for (const slot of slots) slot?.send({ do: 'account', id, words });
    return async () => {
      const all = await Promise.all(
        slots.map((slot) => slot?.sweep(id, words) ?? Promise.resolve(null)),
      );
      const sum = (key: keyof ProcessUsage): number | null =>
        all.reduce<number | null>((total, usage) => {
          const used = usage?.[key] ?? null;
          return total === null || used === null ? null : total + used;
        }, 0);
      return { cpuSeconds: sum('cpuSeconds'), peakMemoryBytes: sum('peakMemoryBytes') };
    };
  }

  /** Ends all spawners, and what they started. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#slots.flat()) slot.close();
    this.#server?.close();
  }

  async #reachOthers(): Promise<void> {
    const { config, handlers } = this.#surroundings;
    try {
      this.#server = await CallBackServer.start();
    } catch (error) {
      handlers.onLog(`other nodes cannot call back: ${String(error)}`);
      this.#isAlone = true;
      handlers.onChange();
      return;
    }
    if (this.#isClosed) {
      this.#server.close();
      return;
    }
    for (const node of config.nodes.keys()) {
      if (node > 0) this.#slots[node]?.push(this.#open(node, this.#server));
    }
  }

  #open(node: number, server: CallBackServer | null): SpawnerSlot {
    const { config, command, environment, handlers } = this.#surroundings;
    const words = server === null ? null : this.#wordsFor(node);
    return new SpawnerSlot((spawnerHandlers) => {
      const mark = `${config.pilotId}-${randomBytes(8).toString('hex')}`;
      const remote = words === null || server === null ? null : { words, server };
      return startSpawner({ command, hello: { mark, environment }, remote }, spawnerHandlers);
    }, handlers);
  }

  #wordsFor(node: number): string[] {
    const { config } = this.#surroundings;
    const { host = '', cores = 1 } = config.nodes[node] ?? {};
    const words = config.nodeStart ?? nodeStartWords(config.launcher ?? 'srun');
    return words.map((word) => {
      return word.replaceAll('{host}', host).replaceAll('{cores}', String(cores));
    });
  }
}
