import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSimulatedXpcs,
  type SimulatedXpcs,
} from '@interpulse/adapters/detector/simulated-xpcs.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collection } from '../collections/collections.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';
import type { Tell } from '../hub/tell-hub.ts';

/** What a simulated instrument needs. */
export interface SimulationSurroundings {
  instrument: InstrumentConfig;
  simulate: NonNullable<InstrumentConfig['simulate']>;
  collection: Collection;
  /** The agent's state folder. */
  folder: string;
  tell: Tell;
  log: AgentLog;
}

/**
 * Takes a simulated shot every period, by a clock that does not drift; says so at the pulse, and
 * writes the file as a detector would. A pulse that comes while the last shot is still being
 * written passes without a shot. Numbers go on after a restart.
 */
export class SimulatedInstrument {
  readonly #with: SimulationSurroundings;
  readonly #detector: SimulatedXpcs;
  readonly #periodMs: number;
  /** The first pulse, by both clocks: the steady one keeps the pace, the other names instants. */
  readonly #first = { steadyMs: 0, wallMs: 0 };
  #shotNumber = 0;
  #pulses = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @throws DomainError `invalid` for settings that no shot could be made with. */
  constructor(surroundings: SimulationSurroundings) {
    const { periodSeconds, ...settings } = surroundings.simulate;
    this.#with = surroundings;
    this.#periodMs = periodSeconds * 1000;
    this.#detector = createSimulatedXpcs(withoutUndefined(settings));
  }

  /** Takes the first shot now. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.#shotNumber = await this.#lastNumber();
    this.#first.steadyMs = performance.now();
    this.#first.wallMs = Date.now();
    this.#pulse();
  }

  /** Takes no more shots; waits for the one that is being written. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
  }

  get #folder(): string {
    return join(this.#with.collection.root, this.#with.instrument.watch.folder);
  }

  get #statePath(): string {
    return join(this.#with.folder, 'journals', `${this.#with.instrument.name}.shot`);
  }

  #pulse(): void {
    const takenMs = this.#first.wallMs + this.#pulses * this.#periodMs;
    this.#pulses += 1;
    if (this.#writing === null) this.#writing = this.#take(takenMs);
    else this.#with.log.warn({ instrument: this.#with.instrument.name }, 'a pulse was missed');
    const nextMs = this.#first.steadyMs + this.#pulses * this.#periodMs;
    this.#timer = setTimeout(() => this.#pulse(), Math.max(0, nextMs - performance.now()));
  }

  /** Never rejects. */
  async #take(takenMs: number): Promise<void> {
    const { instrument, tell, log } = this.#with;
    this.#shotNumber += 1;
    const shotNumber = this.#shotNumber;
    const takenAt = fromMilliseconds(takenMs);
    const nextShotAt = fromMilliseconds(takenMs + this.#periodMs);
    void tell({
      type: 'shotTaken',
      instrument: instrument.name,
      shotNumber,
      takenAt,
      nextShotAt,
    }).catch((error: unknown) => log.error({ err: error, shotNumber }, 'the hub refused a shot'));
    try {
      await writeFile(this.#statePath, String(shotNumber));
      const name = `shot_${String(shotNumber).padStart(6, '0')}.nxs`;
      const path = join(this.#folder, name);
      await this.#detector.writeShot({ path, shotNumber, startedAt: takenAt });
    } catch (error) {
      log.error({ err: error, shotNumber }, 'a simulated shot was not written');
    } finally {
      this.#writing = null;
    }
  }

  async #lastNumber(): Promise<number> {
    const kept = Number(await readFile(this.#statePath, 'utf8').catch(() => '0'));
    const names = await readdir(this.#folder);
    const numbers = names.map((name) => Number(/^shot_(\d+)\.nxs$/.exec(name)?.[1] ?? 0));
    return numbers.reduce((most, each) => Math.max(most, each), Number.isFinite(kept) ? kept : 0);
  }
}

function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
