import type { Fault } from '../error.ts';
import type { JsonTrail } from '../json.ts';
import { parseJsonPath } from './json-path.ts';
import { problemOfResultTrail } from './result-path.ts';

/** A way from one state to another; `label` says when it is taken. */
export interface StateTarget {
  name: string;
  label: string;
  loc: JsonTrail;
}

/** A place where a state reads the run's state document. */
export interface StateRead {
  trail: JsonTrail;
  loc: JsonTrail;
}

/**
 * What one state says about itself when its definition is checked: faults and warnings, where it
 * may go, what it reads and writes. Filled by the state kind, read by the checks of the whole.
 */
export class StateInspection {
  readonly name: string;
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly targets: StateTarget[] = [];
  readonly reads: StateRead[] = [];
  /** Top-level names written; `$` when the state may replace the whole document. */
  readonly writes = new Set<string>();
  /** Whether the run can end here. */
  ends = false;

  readonly #at: JsonTrail;

  /** `at` is the place of the states among which this one is; nothing for those of the flow. */
  constructor(name: string, at: JsonTrail = []) {
    this.name = name;
    this.#at = [...at, 'States', name];
  }

  /** Notes something that forbids the definition. `at` is the path inside the state. */
  fault(at: JsonTrail, type: string, msg: string): void {
    this.faults.push({ loc: this.#loc(at), msg, type });
  }

  /** Notes something the author should know; the definition is still accepted. */
  warn(at: JsonTrail, type: string, msg: string): void {
    this.warnings.push({ loc: this.#loc(at), msg, type });
  }

  /** Notes that the state may be followed by another. */
  target(at: JsonTrail, name: string, label: string): void {
    this.targets.push({ name, label, loc: this.#loc(at) });
  }

  /** Checks a JSONPath that the state reads, and notes what it reads. */
  readPath(at: JsonTrail, path: string): void {
    const parsed = parseJsonPath(path);
    if ('problem' in parsed) {
      this.fault(at, 'json_path', `${path}: ${parsed.problem} (character ${parsed.position + 1})`);
    } else this.read(at, parsed.trail);
  }

  /** Notes that the state reads what `trail` leads to. */
  read(at: JsonTrail, trail: JsonTrail): void {
    this.reads.push({ trail, loc: this.#loc(at) });
  }

  /** Checks a ResultPath, and notes what it writes. */
  writePath(at: JsonTrail, path: string): void {
    const parsed = parseJsonPath(path);
    const problem = 'problem' in parsed ? parsed.problem : problemOfResultTrail(parsed.trail);
    if (problem !== null) this.fault(at, 'json_path', `${path}: ${problem}`);
    else if ('trail' in parsed) this.writes.add(String(parsed.trail[0] ?? '$'));
  }

  /** Like {@link writePath}, for a result that is a list: it cannot be the whole state. */
  writeListPath(at: JsonTrail, path: string): void {
    this.writePath(at, path);
    if (path !== '$') return;
    this.fault(
      at,
      'json_path',
      'the result is a list and the state of a run an object: name a key',
    );
  }

  /** Warns of a result that, for want of a ResultPath, replaces what the states behind it read. */
  warnReplaced(
    state: { ResultPath?: string | undefined; Next?: string | undefined },
    what: 'result' | 'answer' | 'output',
  ): void {
    if (state.ResultPath !== undefined || state.Next === undefined) return;
    const msg = `without ResultPath the ${what} replaces the whole state of the run`;
    this.warn([], 'state_replaced', msg);
  }

  /** Checks that a state has exactly one of `Next` and `End: true`, and notes where it goes. */
  transition(state: { Next?: string | undefined; End?: boolean | undefined; Type: string }): void {
    const ends = state.End === true;
    if (ends === (state.Next !== undefined)) {
      this.fault(
        [],
        'transition',
        `a state of type ${state.Type} has exactly one of "Next": "a state" and "End": true; ` +
          `${this.name} has ${ends ? 'both' : 'neither'}`,
      );
    }
    if (state.Next !== undefined) this.target(['Next'], state.Next, 'next');
    this.ends ||= ends;
  }

  /** Checks that at most one (or exactly one) of some fields is given. */
  oneOf(state: object, names: readonly string[], required: boolean): void {
    const given = names.filter((name) => Object.hasOwn(state, name));
    if (given.length === 1 || (given.length === 0 && !required)) return;
    const rule = required ? 'exactly one' : 'at most one';
    const has = given.length === 0 ? 'none' : given.join(' and ');
    this.fault([], 'one_of', `${this.name} takes ${rule} of ${names.join(', ')}; it has ${has}`);
  }

  #loc(at: JsonTrail): JsonTrail {
    return [...this.#at, ...at];
  }
}
