import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';

/** A step, for tests: of an action that said nothing but what is given. */
export function sampleStep(fields: Partial<FlowStep>): FlowStep {
  return {
    sequence: 1,
    stateName: 'Work',
    stateType: 'Action',
    status: 'succeeded',
    provider: null,
    jobId: null,
    ensembleId: null,
    transferId: null,
    input: null,
    result: null,
    omitted: [],
    reason: null,
    startedAt: '2026-11-21T10:00:00.000Z',
    endedAt: null,
    ...fields,
  };
}
