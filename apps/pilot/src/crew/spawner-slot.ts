import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { pilotLimits } from '../pilot-limits.ts';
import type { ProcessUsage, SpawnerOrder, SpawnerWord } from '../spawner/spawner-messages.ts';
import type { SpawnerHandlers, SpawnerLink } from './spawner-link.ts';

/** How a task's first process ended, as its spawner told. */
export type ProcessEnd =
  | ({
      kind: 'exited';
      exitCode: number | null;
      signal: string | null;
      wallSeconds: number;
    } & ProcessUsage)
  /** It never ran. */
  | { kind: 'refused'; code: string; message: string }
  /** Its spawner is gone, and it with it. */
  | { kind: 'lost'; reason: string };

/** Who started a process hears of it. */
export interface ProcessHandlers {
  onBegan(pid: number, startedAt: string): void;
  /** Called once. */
  onEnded(end: ProcessEnd): void;
}

/** What a slot tells its crew. */
export interface SlotHandlers {
  /** It is ready, or gone. */
  onChange(): void;
  onLog(message: string): void;
}

/** A place for one spawner on a node: another one is started when it is gone. */
export class SpawnerSlot {
  readonly #start: (handlers: SpawnerHandlers) => SpawnerLink;
  readonly #handlers: SlotHandlers;
  readonly #running = new Map<number, ProcessHandlers>();
  readonly #accounts = new Map<number, (usage: ProcessUsage) => void>();
  #link: SpawnerLink | null = null;
  #isReady = false;
  #isClosed = false;
  #faults = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: (handlers: SpawnerHandlers) => SpawnerLink, handlers: SlotHandlers) {
    this.#start = start;
    this.#handlers = handlers;
    this.#begin();
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** It has failed too often to be started again. */
  get isGivenUp(): boolean {
    return this.#faults >= pilotLimits.spawnerFaults;
  }

  /** Tasks that it holds. */
  get load(): number {
    return this.#running.size;
  }

  spawn(order: Extract<SpawnerOrder, { do: 'spawn' }>, handlers: ProcessHandlers): void {
    this.#running.set(order.id, handlers);
    this.#link?.send(order);
  }

  /** Kills what is left of marked processes; resolves with what they used, null if nobody says. */
  sweep(id: number, words: string[]): Promise<ProcessUsage | null> {
    const answer = new Promise<ProcessUsage>((resolve) => this.#accounts.set(id, resolve));
    this.send({ do: 'sweep', id, words });
    const late = delay(pilotLimits.accountMs, null, { ref: false });
    return Promise.race([answer, late]).finally(() => this.#accounts.delete(id));
  }

  send(order: SpawnerOrder): void {
    this.#link?.send(order);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#link?.close();
  }

  #begin(): void {
    const startedMs = performance.now();
    const link = this.#start({
      onWord: (word) => this.#take(word),
      onClosed: (reason) => {
        if (this.#link === link) this.#lose(reason, performance.now() - startedMs);
      },
    });
    this.#link = link;
    this.#timer = setTimeout(() => link.close(), pilotLimits.spawnerStartSeconds * 1000);
  }

  #take(word: SpawnerWord): void {
    switch (word.is) {
      case 'ready':
        clearTimeout(this.#timer);
        this.#isReady = true;
        this.#handlers.onChange();
        break;
      case 'began':
        this.#running.get(word.id)?.onBegan(word.pid, word.startedAt);
        break;
      case 'used':
        this.#accounts.get(word.id)?.(word);
        this.#accounts.delete(word.id);
        break;
      case 'refused':
        this.#end(word.id, { kind: 'refused', code: word.code, message: word.message });
        break;
      case 'ended':
        // It is of use.
        this.#faults = 0;
        this.#end(word.id, { ...word, kind: 'exited' });
    }
  }

  #end(id: number, end: ProcessEnd): void {
    const handlers = this.#running.get(id);
    this.#running.delete(id);
    handlers?.onEnded(end);
  }

  #lose(reason: string, livedMs: number): void {
    clearTimeout(this.#timer);
    this.#link = null;
    this.#isReady = false;
    for (const id of this.#running.keys()) this.#end(id, { kind: 'lost', reason });
    if (this.#isClosed) return;
    // One that worked for long is worth as many trials as a new one.
    this.#faults = livedMs > pilotLimits.spawnerStartSeconds * 1000 ? 1 : this.#faults + 1;
    this.#handlers.onLog(`a spawner is gone: ${reason}`);
    if (!this.isGivenUp) {
      const pauseMs = pilotLimits.spawnerAgainMs * 2 ** (this.#faults - 1);
      this.#timer = setTimeout(() => this.#begin(), pauseMs);
    }
    this.#handlers.onChange();
  }
}
