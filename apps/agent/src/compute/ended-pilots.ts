import type { PilotId } from '@interpulse/domain/id.ts';

/** Ended pilots remembered, so that a late order does not submit one again. */
const kept = 10_000;

/** A batch job that lives so long after its pilot was called ended is ended too. */
const strayMs = 60_000;

/** Pilots whose end the hub was told. */
export class EndedPilots {
  readonly #endedAtMs = new Map<PilotId, number>();

  /** Notes the end of a pilot. */
  add(pilotId: PilotId): void {
    this.#endedAtMs.set(pilotId, performance.now());
    if (this.#endedAtMs.size <= kept) return;
    const [oldest] = this.#endedAtMs.keys();
    if (oldest !== undefined) this.#endedAtMs.delete(oldest);
  }

  /** Whether its end was told. */
  has(pilotId: PilotId): boolean {
    return this.#endedAtMs.has(pilotId);
  }

  /** Whether it ended so long ago that a batch job of its name has no business any more. */
  isStray(pilotId: PilotId): boolean {
    const endedAtMs = this.#endedAtMs.get(pilotId);
    return endedAtMs !== undefined && performance.now() - endedAtMs > strayMs;
  }
}
