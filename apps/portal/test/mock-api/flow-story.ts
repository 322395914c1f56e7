import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flow, FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { fixedId } from './shot-story.ts';
import { flowDefinition } from './story-views.ts';

const flowsFolder = join(import.meta.dirname, '..', '..', '..', '..', 'flows');

const people = {
  administrators: [],
  starters: [],
  viewers: [],
  runManagers: [],
  runMonitors: [],
  serviceAccount: null,
  roles: {},
  notify: [],
  archivedAt: null,
};

/** A flow with everything that a drawing must show: a loop, a Map, branches, errors, an end. */
const surveyDefinition: JsonObject = {
  Comment: 'Calibrates until the error is small, then reduces every file, then compares two fits',
  StartAt: 'Calibrate',
  States: {
    Calibrate: {
      Type: 'Action',
      Comment: 'Finds the beam centre',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'calibrate', inputs: { 'file.$': '$.input.reference' } },
      ResultPath: '$.Calibrate',
      WaitTime: 900,
      Retry: [{ ErrorEquals: ['ActionTimeout'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.problem', Next: 'GiveUp' }],
      Next: 'GoodEnough',
    },
    GoodEnough: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.Calibrate.details.error', NumericLessThan: 0.02, Next: 'ReduceAll' },
        {
          And: [
            { Variable: '$.input.patience', IsPresent: true },
            { Variable: '$.input.patience', NumericGreaterThan: 0 },
          ],
          Next: 'Settle',
        },
      ],
      Default: 'GiveUp',
    },
    Settle: { Type: 'Wait', Seconds: 30, Next: 'Calibrate' },
    ReduceAll: {
      Type: 'Map',
      ItemsPath: '$.input.files',
      ItemSelector: { 'file.$': '$._context.Map.Item.Value' },
      MaxConcurrency: 8,
      ItemProcessor: {
        StartAt: 'Reduce',
        States: {
          Reduce: {
            Type: 'Action',
            ActionUrl: 'interpulse:compute',
            Parameters: { app: 'reduce', inputs: { 'file.$': '$.file' } },
            ResultPath: '$.Reduce',
            WaitTime: 600,
            Next: 'Check',
          },
          Check: {
            Type: 'ExpressionEval',
            Parameters: { 'ok.=': 'True' },
            ResultPath: '$.check',
            End: true,
          },
        },
      },
      ResultPath: '$.reduced',
      Next: 'Compare',
    },
    Compare: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'FitFast',
          States: {
            FitFast: {
              Type: 'Action',
              ActionUrl: 'interpulse:compute',
              Parameters: { app: 'fit' },
              ResultPath: '$.fit',
              WaitTime: 600,
              End: true,
            },
          },
        },
        {
          StartAt: 'FitWell',
          States: {
            FitWell: {
              Type: 'Action',
              ActionUrl: 'interpulse:compute',
              Parameters: { app: 'fit', parameters: { fine: true } },
              ResultPath: '$.fit',
              WaitTime: 600,
              End: true,
            },
          },
        },
      ],
      ResultPath: '$.fits',
      Next: 'Publish',
    },
    Publish: {
      Type: 'Action',
      ActionUrl: 'interpulse:ingest',
      Parameters: { title: 'Survey', kind: 'result', 'files.$': '$.input.files' },
      ResultPath: '$.Publish',
      WaitTime: 600,
      End: true,
    },
    GiveUp: { Type: 'Fail', Error: 'NoCalibration', Cause: 'the error stays too large' },
  },
};

const surveyInput: JsonObject = {
  type: 'object',
  required: ['input'],
  additionalProperties: false,
  properties: {
    input: {
      type: 'object',
      title: 'The survey',
      required: ['reference', 'files'],
      propertyOrder: ['reference', 'files', 'mode'],
      properties: {
        mode: { title: 'Mode', enum: ['quick', 'careful'], default: 'quick' },
        reference: {
          type: 'string',
          title: 'Reference',
          description: 'A frame without sample',
          format: 'interpulse-location',
        },
        files: {
          type: 'array',
          title: 'Files',
          description: 'All frames of the survey',
          minItems: 1,
          items: { type: 'string', title: 'File', format: 'interpulse-location' },
        },
        patience: {
          type: 'integer',
          title: 'Patience',
          description: 'Calibrations more',
          minimum: 0,
          maximum: 10,
        },
        notBefore: { type: 'string', title: 'Not before', format: 'date-time' },
        sample: {
          title: 'Sample',
          oneOf: [
            { type: 'string', title: 'By name' },
            {
              type: 'object',
              title: 'Described',
              required: ['formula'],
              properties: {
                formula: { type: 'string', title: 'Formula' },
                temperature: {
                  type: 'number',
                  title: 'Temperature',
                  description: 'In kelvin',
                  minimum: 0,
                },
              },
            },
          ],
        },
        publish: { type: 'boolean', title: 'Publish', default: true },
      },
    },
  },
};

function flow(
  seed: number,
  at: Instant,
  given: Partial<Flow> & Pick<Flow, 'name' | 'definition'>,
): Flow {
  return {
    id: fixedId('flow', Date.parse(at), seed),
    version: 1,
    title: '',
    description: '',
    inputSchema: {},
    project: 'demo',
    owner: 'ada',
    createdAt: at,
    updatedAt: at,
    ...people,
    ...given,
  };
}

/** The flows of the mock: the shipped ones, that of the shots, and one with everything. */
export function makeFlows(at: Instant): Flow[] {
  const shipped = ['tomo', 'xpcs'].map((name, index) => {
    const text = readFileSync(join(flowsFolder, `${name}.flow.json`), 'utf8');
    const { title, description, definition, inputSchema } = JSON.parse(text) as Flow;
    return flow(index + 1, at, { name, title, description, definition, inputSchema });
  });
  return [
    flow(3, at, {
      name: 'survey',
      version: 4,
      title: 'Survey: calibrate, reduce, compare, publish',
      description: 'Calibrates until the error is small, then reduces every file of the survey.',
      definition: surveyDefinition,
      inputSchema: surveyInput,
      project: 'soft-matter',
      updatedAt: addSeconds(at, 86_400),
    }),
    ...shipped,
    flow(4, at, {
      name: 'xpcs-live',
      version: 3,
      title: 'XPCS between shots',
      definition: flowDefinition,
      owner: 'xpcs-service',
    }),
  ];
}

/** A flow run of the survey with its steps. */
export interface SurveyRun {
  run: FlowRun;
  steps: FlowStep[];
  /** With which it began, where that is not its input. */
  startDocument?: JsonObject;
}

/** Runs of the survey: one under way in its Map, one that failed, one that waits for a person. */
export function makeSurveyRuns(now: Instant): SurveyRun[] {
  return [surveyRun(1, now, 'ACTIVE'), surveyRun(2, now, 'FAILED'), surveyRun(3, now, 'INACTIVE')];
}

const items = 400;
const newLogin = 'the site asks for a new login at https://alpha.example.org/login';

function surveyRun(seed: number, now: Instant, status: FlowRun['status']): SurveyRun {
  const startedAt = addSeconds(now, -600 * seed);
  const steps: FlowStep[] = [];
  const add = (
    stateName: string,
    stateType: string,
    from: number,
    to: number | null,
    more: Partial<FlowStep> = {},
  ) => {
    steps.push({
      sequence: steps.length + 1,
      stateName,
      stateType,
      status: to === null ? 'active' : 'succeeded',
      provider: stateType === 'Action' ? 'compute' : null,
      jobId: null,
      ensembleId: null,
      transferId: null,
      input: stateType === 'Action' ? { app: 'calibrate' } : null,
      result: to === null ? null : { details: { error: 0.01 } },
      omitted: [],
      reason: null,
      startedAt: addSeconds(startedAt, from),
      endedAt: to === null ? null : addSeconds(startedAt, to),
      ...more,
    });
  };
  const fails = status === 'FAILED';
  for (let round = 0; round < 2; round += 1) {
    add('Calibrate', 'Action', round * 60, round * 60 + 28.4);
    add('GoodEnough', 'Choice', round * 60 + 28.4, round * 60 + 28.4);
    if (round === 0) add('Settle', 'Wait', 28.4, 60);
  }
  if (status === 'INACTIVE') {
    steps.splice(3);
    add('Calibrate', 'Action', 60, null, { reason: newLogin });
  } else addMap(add, fails);
  const ended = fails ? addSeconds(startedAt, 190) : null;
  const reason = fails
    ? 'ReduceAll[17]/Reduce: the job failed with exit code 3: no frames in the file'
    : status === 'INACTIVE'
      ? newLogin
      : 'ReduceAll: 211 of 400 branches are done, 8 under way.';
  const run = { ...blankRun(seed, startedAt), status, reason, endedAt: ended };
  const stateName = fails ? null : status === 'ACTIVE' ? 'ReduceAll' : 'Calibrate';
  const stepsDone = steps.filter((step) => step.status === 'succeeded').length;
  const counts = { stateName, stepsDone, stepsTotal: steps.length + 3 };
  return { run: { ...run, ...counts }, steps };
}

function blankRun(seed: number, startedAt: Instant): FlowRun {
  return {
    id: fixedId('flowrun', Date.parse(startedAt), seed + 900),
    flowName: 'survey',
    flowVersion: 4,
    label: `survey of night ${10 - seed}`,
    project: 'soft-matter',
    owner: 'ada',
    status: 'ACTIVE',
    reason: null,
    stateName: null,
    blockingWebInputId: null,
    urgency: 'normal',
    deadlineAt: null,
    instrument: null,
    shotNumber: null,
    datasetId: null,
    resultDatasetId: null,
    tags: {},
    managers: [],
    monitors: [],
    trigger: null,
    batchId: null,
    rerunOf: null,
    startState: null,
    startedAt,
    endedAt: null,
    predictedFinishAt: null,
    stepsDone: 0,
    stepsTotal: 0,
  };
}

type AddStep = (
  stateName: string,
  stateType: string,
  from: number,
  to: number | null,
  more?: Partial<FlowStep>,
) => void;

function addMap(add: AddStep, fails: boolean): void {
  const bad = { status: 'failed' as const, reason: 'exit code 3: no frames in the file' };
  const begun = fails ? 18 : 219;
  add('ReduceAll', 'Map', 88.5, fails ? 190 : null, fails ? bad : {});
  for (let index = 0; index < Math.min(begun, items); index += 1) {
    const from = 88.5 + Math.floor(index / 8) * 15;
    const isLast = index === begun - 1;
    if (!fails && index >= 211) {
      add(`ReduceAll[${index}]/Reduce`, 'Action', from, null);
      continue;
    }
    add(
      `ReduceAll[${index}]/Reduce`,
      'Action',
      from,
      from + 12 + (index % 5),
      fails && isLast ? bad : {},
    );
    if (!(fails && isLast))
      add(`ReduceAll[${index}]/Check`, 'ExpressionEval', from + 17, from + 17);
  }
}
