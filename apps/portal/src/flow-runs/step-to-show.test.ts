import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { sampleStep } from './sample-step.ts';
import { stepToShow } from './step-to-show.ts';

type Step = Schemas['FlowStep'];

let sequence = 0;
function step(stateName: string, status: Step['status'], endedSecond = 0): Step {
  sequence += 1;
  const endedAt = `2026-11-21T10:00:${String(endedSecond).padStart(2, '0')}.000Z`;
  return sampleStep({ sequence, stateName, status, endedAt });
}

const isState = (name: string) => ['Outer', 'Each', 'Both', 'Read', 'Last'].includes(name);

test('of a failed flow run the step is shown in which it began', () => {
  const shown = stepToShow(
    [
      step('Outer', 'failed', 9),
      step('Outer[0]/Each', 'failed', 8),
      step('Outer[0]/Each[0]/Both', 'canceled', 8),
      step('Outer[0]/Each[1]/Both', 'failed', 7),
      step('Outer[0]/Each[1]/Both[0]/Read', 'canceled', 7),
      step('Outer[0]/Each[1]/Both[1]/Read', 'failed', 6),
      step('Outer[1]/Last', 'canceled', 9),
    ],
    isState,
    'FAILED',
  );
  assert.equal(shown?.stateName, 'Outer[0]/Each[1]/Both[1]/Read');
});

test('an error that was caught inside is not why a later step failed', () => {
  const steps = [
    step('Each', 'succeeded', 3),
    step('Each[0]/Read', 'failed', 2),
    step('Last', 'failed', 5),
  ];
  assert.equal(stepToShow(steps, isState, 'FAILED')?.stateName, 'Last');
});

test('of one under way the newest active step is shown, of others none', () => {
  const steps = [step('Each', 'active'), step('Each[0]/Read', 'active'), step('Last', 'failed')];
  assert.equal(stepToShow(steps, isState, 'ACTIVE')?.stateName, 'Each[0]/Read');
  assert.equal(stepToShow([step('Last', 'succeeded')], isState, 'SUCCEEDED'), undefined);
});
