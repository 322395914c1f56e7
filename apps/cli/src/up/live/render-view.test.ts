import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { emptyView, type FacilityView } from './facility-view.ts';
import { linesOfChange } from './lines-of-change.ts';
import { renderView } from './render-view.ts';
import { createScreen } from './screen.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds)).toISOString();
const flowRunId = `flowrun_${'0'.repeat(26)}`;

const instrument = {
  name: 'xpcs-beamline',
  periodSeconds: 20,
  lastShotNumber: 12,
  lastShotAt: at(0),
  nextShotAt: at(20),
} as Schemas['Instrument'];

function shot(number: number, more: Partial<Schemas['Shot']>): Schemas['Shot'] {
  const open = { answeredAt: null, answerSeconds: null, inTime: null, resultDatasetId: null };
  const fields = { number, takenAt: at(0), flowRunId: null, flowStatus: 'ACTIVE', ...open };
  return { ...fields, ...more } as Schemas['Shot'];
}

function step(sequence: number, stateName: string, endedAt: string | null): Schemas['FlowStep'] {
  const status = endedAt === null ? 'active' : 'succeeded';
  const fields = { sequence, stateName, stateType: 'Action', status, reason: null };
  return { ...fields, startedAt: at(1), endedAt } as Schemas['FlowStep'];
}

function viewAt(steps: Schemas['FlowStep'][], more: Partial<FacilityView> = {}): FacilityView {
  const flowRun = {
    id: flowRunId,
    shotNumber: 12,
    status: 'ACTIVE',
    endedAt: null,
    deadlineAt: at(20),
  } as Schemas['FlowRun'];
  return {
    ...emptyView('http://127.0.0.1:8765'),
    instrument,
    shots: [
      shot(12, { flowRunId }),
      shot(11, { answeredAt: at(0), answerSeconds: 4.2, inTime: true }),
    ],
    runs: [{ flowRun, steps }],
    ...more,
  };
}

test('the view shows the shot, the clock, the steps with their times, and the answers', () => {
  const view = viewAt([step(1, 'Analyze', at(3)), step(2, 'Plot', null)]);
  const text = renderView(view, Date.parse(at(5)), 200).join('\n');
  assert.match(text, /shot 12 taken 5\.00 s ago {2}█{5}░{15} {2}next in 15 s/);
  assert.match(text, /shot 12 {2}Analyze 2\.00 s ✓ {2}Plot 4\.00 s … {2}due in 15 s/);
  assert.match(text, /shot 11 {2}answered after 4\.20 s {2}✓ in time/);
});

test('a step inside a branch is called by its own name', () => {
  const branches = { ...step(1, 'Publish and return', null), stateType: 'Parallel' };
  const view = viewAt([branches, step(2, 'Publish and return[1]/Return', at(4))]);
  assert.match(renderView(view, Date.parse(at(5)), 200).join('\n'), /shot 12 {2}Return 3\.00 s ✓/);
  assert.match(linesOfChange(viewAt([]), view).join('\n'), /^shot 12 {2}Return succeeded/m);
});

test('no line is wider than the terminal', () => {
  const lines = renderView(viewAt([step(1, 'Analyze', null)]), Date.parse(at(5)), 30);
  assert.ok(lines.every((line) => line.length <= 30));
});

test('a deadline that has passed and a shot without an answer are said', () => {
  const shots = [shot(12, { flowRunId, flowStatus: 'FAILED' })];
  const text = renderView(viewAt([], { shots }), Date.parse(at(23)), 100).join('\n');
  assert.match(text, /late by 3 s/);
  assert.match(text, /shot 12 {2}✗ no answer/);
});

test('changes are told once, in their order', () => {
  const before = viewAt([step(1, 'Analyze', null)]);
  const answered = shot(12, { flowRunId, answeredAt: at(5), answerSeconds: 5, inTime: false });
  const after = viewAt([step(1, 'Analyze', at(3))], { shots: [shot(13, {}), answered] });
  const lines = linesOfChange(before, after);
  assert.deepEqual(lines, [
    'shot 12  Analyze succeeded in 2.00 s',
    'shot 12 answered after 5.00 s  ✗ late',
    'shot 13 taken',
  ]);
  assert.deepEqual(linesOfChange(after, after), []);
});

test('shots from before the first look are no news', () => {
  const view = viewAt([step(1, 'Analyze', at(3))]);
  const ended = view.runs.map((run) => ({ ...run, flowRun: { ...run.flowRun, endedAt: at(4) } }));
  assert.deepEqual(linesOfChange(emptyView('http://x'), { ...view, runs: ended }), []);
});

test('a terminal gets one block drawn in place, a pipe gets lines only', () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const screen = createScreen({ isTTY: true, columns: 80, rows: 4, write });
  screen.draw(['a', 'b', 'c', 'd', 'e']);
  screen.draw(['f']);
  // Higher than the terminal cannot be erased: three lines were drawn, three go.
  assert.ok(written.join('').endsWith('a\nb\nc\n\u001B[3A\r\u001B[0Jf\n'));
  written.length = 0;
  const pipe = createScreen({ write });
  pipe.draw(['a']);
  pipe.say('b');
  assert.deepEqual(written, ['b\n']);
});
