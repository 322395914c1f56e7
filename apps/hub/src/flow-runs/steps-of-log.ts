import type { FlowLogLine } from '@interpulse/domain/flow/flow-progress.ts';
import type { StepChange } from '@interpulse/store/flow-runs/write-flow-runs.ts';

const endings = {
  Completed: 'succeeded',
  Failed: 'failed',
  Canceled: 'canceled',
} as const;

/**
 * The steps that log lines speak of: one for each visit of a state, with its own input and result
 * (private values are hidden in the lines already).
 */
export function stepsOfLog(lines: readonly FlowLogLine[]): Map<number, StepChange> {
  const steps = new Map<number, StepChange>();
  for (const { step, code, details, at } of lines) {
    if (step === 0) continue;
    const stateType = textOf(details['state_type']);
    const phase = code.slice(stateType.length);
    const known = steps.get(step) ?? {
      sequence: step,
      stateName: [details['path'], details['state_name']].map(textOf).filter(Boolean).join('/'),
      stateType,
      status: 'active' as const,
      provider: null,
      jobId: null,
      ensembleId: null,
      transferId: null,
      input: null,
      result: null,
      reason: null,
      startedAt: at,
      endedAt: null,
    };
    if (phase === 'Started') known.input = details['input'] ?? null;
    if (phase in endings) {
      known.status = endings[phase as keyof typeof endings];
      known.result = details['output'] ?? null;
      known.reason = typeof details['cause'] === 'string' ? details['cause'] : null;
      known.endedAt = at;
    }
    steps.set(step, known);
  }
  return steps;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
