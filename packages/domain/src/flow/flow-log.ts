import type { Instant } from '../time.ts';
import { formatBranchPath, placeOf } from './branch-path.ts';
import { flowLimits } from './flow-limits.ts';
import type { FlowBranch, FlowLogLine } from './flow-progress.ts';
import type { FlowScope, Shown } from './flow-scope.ts';
import { measureJson } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { redact, redactState } from './redact.ts';

/** What may be said of a state. Globus has the first two; it leaves the others unnamed. */
export type StatePhase =
  'Started' | 'Completed' | 'Failed' | 'Caught' | 'Retried' | 'Stalled' | 'Canceled';

const phaseWords: Record<StatePhase, string> = {
  Started: 'started',
  Completed: 'completed',
  Failed: 'failed',
  Caught: 'failed as foreseen',
  Retried: 'will be tried again',
  Stalled: 'needs a person',
  Canceled: 'was canceled',
};

/** The log lines of one call of `advanceFlow`, with Globus' codes and private values hidden. */
export class FlowLog {
  readonly lines: FlowLogLine[] = [];
  readonly #at: Instant;
  #bytes = 0;

  constructor(at: Instant) {
    this.#at = at;
  }

  /** FlowStarted, with the input and what else there is to say. */
  started({ document, privatePaths }: FlowScope, more: JsonObject): void {
    const { _context: _, ...data } = document;
    const input = this.#fitting(redactState(data, privatePaths));
    this.flow('Started', 'The flow run started execution', { input, ...more });
  }

  /** A line about the run as a whole. */
  flow(
    phase: 'Started' | 'Succeeded' | 'Failed' | 'Canceled' | 'Resumed' | 'DeadlineMoved',
    description: string,
    details: JsonObject,
  ): void {
    this.lines.push({ at: this.#at, code: `Flow${phase}`, description, step: 0, details });
  }

  /**
   * A line about a state, with its own input (Started) or output (Completed, Caught), never the
   * whole document: that is rebuilt by writing each output at its `result_path`.
   */
  state(
    type: string,
    phase: StatePhase,
    { state: name, step, path }: Pick<FlowBranch, 'state' | 'step' | 'path'>,
    more: JsonObject,
    shown: Shown | null = null,
  ): void {
    const inside: JsonObject = path.length === 0 ? {} : { path: formatBranchPath(path) };
    const details: JsonObject = { state_name: name, state_type: type, ...inside, ...more };
    if (shown !== null) {
      const value = this.#fitting(redact(shown.value, shown.privatePaths));
      details[phase === 'Started' ? 'input' : 'output'] = value;
    }
    const description = `State ${placeOf(path, name)} of type ${type} ${phaseWords[phase]}`;
    this.lines.push({ at: this.#at, code: `${type}${phase}`, description, step, details });
  }

  #fitting(value: Json): Json {
    const { loggedValueBytes, loggedBytesPerAdvance, stateDepth } = flowLimits;
    const { sizeBytes } = measureJson(value, loggedValueBytes, stateDepth);
    this.#bytes += sizeBytes;
    if (sizeBytes <= loggedValueBytes && this.#bytes <= loggedBytesPerAdvance) return value;
    return { omitted: 'too large for the log', limit_bytes: loggedValueBytes };
  }
}
