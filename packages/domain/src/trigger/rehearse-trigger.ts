import { validateInput } from '../flow/validate-input.ts';
import type { JsonObject } from '../json.ts';
import { addSeconds, type Instant } from '../time.ts';
import { evaluateTrigger, type TriggerRules } from './evaluate-trigger.ts';
import { flowInput } from './flow-input.ts';
import { sourceMatches } from './source-matches.ts';
import type { RateLimit } from './trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';
import type { DryFiring } from './trigger-firing.ts';
import type { TriggerSource } from './trigger-source.ts';

/** A trigger that is rehearsed, with the schema of its flow's input. */
export interface Rehearsal extends TriggerRules {
  source: TriggerSource;
  rateLimit: RateLimit | null;
  inputSchema: JsonObject;
}

/**
 * What a trigger would make of events, oldest first, as if it had been there from the first on:
 * conditions, keys, rate limit, input and its faults. Events that its source does not match are
 * left out.
 */
export function rehearseTrigger(trigger: Rehearsal, events: readonly TriggerEvent[]): DryFiring[] {
  const keys = new Set<string>();
  const rate = trigger.rateLimit === null ? null : new RehearsedRate(trigger.rateLimit);
  const told: DryFiring[] = [];
  for (const event of events) {
    if (!sourceMatches(trigger.source, event)) continue;
    const firing = rehearse(trigger, event);
    told.push(firing);
    if (keys.has(firing.key)) set(firing, 'duplicate', 'an event with this key came before');
    // Of events that share a key the first that counts fires; see `reclaimFiring` in the store.
    if (firing.outcome !== 'filtered' || trigger.dedupKey === null) keys.add(firing.key);
    if (firing.wouldFire) rate?.hold(firing);
  }
  return told;
}

function rehearse(trigger: Rehearsal, event: TriggerEvent): DryFiring {
  const verdict = evaluateTrigger(trigger, event);
  const base = { at: event.at, event: event.summary, key: verdict.key };
  const nothing = { wouldFire: false, label: null, input: null, deadlineAt: null };
  if (verdict.kind !== 'start') {
    return { ...base, ...nothing, outcome: verdict.kind, reason: verdict.reason };
  }
  const { label, deadlineAt } = verdict;
  const input = flowInput(trigger, event, verdict.input, trigger.inputSchema);
  const [fault] = validateInput(trigger.inputSchema, input);
  const shown = { label, input, deadlineAt };
  if (fault === undefined) {
    return { ...base, ...shown, wouldFire: true, outcome: 'fired', reason: null };
  }
  const where = fault.loc.length > 0 ? ` at ${fault.loc.join('.')}` : '';
  const reason = `the flow refuses its input${where}: ${fault.msg}`;
  return { ...base, ...shown, wouldFire: false, outcome: 'failed', reason };
}

function set(firing: DryFiring, outcome: DryFiring['outcome'], reason: string): void {
  firing.outcome = outcome;
  firing.reason = reason;
  firing.wouldFire = outcome === 'fired' || outcome === 'queued';
}

/** A rate limit as it would have been held. */
class RehearsedRate {
  readonly #limit: RateLimit;
  /** When flow runs would have been started, oldest first. */
  readonly #starts: Instant[] = [];
  /** With `latest`: the event that waits. */
  #waiting: { firing: DryFiring; startAt: Instant } | null = null;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  hold(firing: DryFiring): void {
    if (this.#waiting !== null && this.#waiting.startAt <= firing.at) {
      this.#starts.push(this.#waiting.startAt);
      this.#waiting = null;
    }
    const freeAt = this.#freeAt();
    const { most, perSeconds, beyond } = this.#limit;
    if (freeAt === null || freeAt <= firing.at) {
      this.#starts.push(firing.at);
      return;
    }
    const rule = `beyond ${most} in ${perSeconds} s`;
    if (beyond === 'drop') {
      set(firing, 'limited', rule);
      return;
    }
    set(firing, 'queued', `${rule}: would have waited until ${freeAt}`);
    if (beyond === 'queue') {
      this.#starts.push(freeAt);
      return;
    }
    if (this.#waiting !== null) {
      const reason = `a newer event took its place: ${firing.event}`;
      set(this.#waiting.firing, 'superseded', reason);
    }
    this.#waiting = { firing, startAt: freeAt };
  }

  /** When there is room for one more; null when there is room already. */
  #freeAt(): Instant | null {
    const nth = this.#starts[this.#starts.length - this.#limit.most];
    return nth === undefined ? null : addSeconds(nth, this.#limit.perSeconds);
  }
}
