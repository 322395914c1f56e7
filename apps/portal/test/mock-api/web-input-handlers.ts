import { DomainError } from '@interpulse/domain/error.ts';
import { addSeconds, fromMilliseconds } from '@interpulse/domain/time.ts';
import { readQuestion } from '@interpulse/domain/web-input/question.ts';
import { mayAnswer } from '@interpulse/domain/web-input/respondents.ts';
import { settleWebInput } from '@interpulse/domain/web-input/settle-web-input.ts';
import type { WebInputEnding } from '@interpulse/domain/web-input/settle-web-input.ts';
import type { WebInput } from '@interpulse/domain/web-input/web-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { ada, page, type Handlers } from './answering.ts';
import { fixedId } from './shot-story.ts';
import type { World } from './world.ts';

const steering = {
  InputType: 'Selection',
  Context: {
    PresentationStyle: 'Table',
    Title: 'Run 1204: go on with this sample?',
    Rows: [
      { Field: 'Sample', Value: 'silica in water, 10 µm' },
      { Field: 'Contrast', Value: 0.1187432 },
      { Field: 'Relaxation time τ', Value: '31 ms' },
      { Field: 'χ² of the fit', Value: 1.31 },
      { Field: 'Frames', Value: 1200 },
    ],
  },
  Options: [
    { Value: 'go', Label: 'Go on', Description: 'Take the next scan at the same place.' },
    { Value: 'retry', Label: 'Retry in 30 min', Description: 'Let the sample settle, then again.' },
    { Value: 'stop', Label: 'Stop', Description: 'Leave the sample and close the shutter.' },
  ],
};

const rows = {
  InputType: 'Table',
  Context: { Title: 'Which projections shall be published?', Text: 'All were reconstructed.' },
  Columns: [
    { Name: 'angle', Label: 'Angle (°)' },
    { Name: 'snr', Label: 'SNR' },
    { Name: 'drift', Label: 'Drift (px)' },
  ],
  Options: Array.from({ length: 6 }, (_, index) => ({
    Value: `scan-${index + 1}`,
    Label: `Scan ${index + 1}`,
    Description: index === 4 ? 'beam was lost for 2 s' : '',
    Cells: { angle: index * 30, snr: Number((18.4 - index * 1.7).toFixed(1)), drift: index % 3 },
  })),
  Minimum: 1,
  Maximum: 4,
};

const form = {
  InputType: 'Form',
  Context: { Title: 'Settings of the next scan' },
  Schema: {
    type: 'object',
    required: ['exposure', 'positions'],
    properties: {
      exposure: { type: 'number', title: 'Exposure', description: 's', minimum: 0.001 },
      positions: { type: 'integer', title: 'Positions', minimum: 1, maximum: 500, default: 20 },
      attenuator: { type: 'string', title: 'Attenuator', enum: ['none', 'Al 100 µm', 'Al 500 µm'] },
      note: { type: 'string', title: 'Note' },
    },
  },
};

/** Questions that stand open when the world begins, and those that are over. */
export function makeWebInputs(startMilliseconds: number, flowRunId: string): WebInput[] {
  const at = fromMilliseconds(startMilliseconds - 240_000);
  const make = (number: number, parameters: JsonObject, more: Partial<WebInput>): WebInput => {
    const question = readQuestion(parameters, 'Ask');
    if ('problem' in question) throw new TypeError(question.problem);
    return {
      id: fixedId('webinput', startMilliseconds, number),
      status: 'open',
      flowRunId: flowRunId as WebInput['flowRunId'],
      flowName: 'xpcs-online',
      label: 'shot 1204',
      stateName: 'Go on?',
      project: 'demo',
      question,
      respondents: { users: [], projects: ['demo'] },
      mayAnswer: true,
      mayClose: true,
      awaited: true,
      createdAt: at,
      expiresAt: addSeconds(at, 3600),
      endedAt: null,
      endedBy: null,
      response: null,
      comment: '',
      ...more,
    };
  };
  const other = { label: 'tomography, night 7', flowName: 'tomo', stateName: 'Which?' };
  const over = { endedAt: at, mayAnswer: false, mayClose: false, awaited: false } as const;
  const question = { ...steering, Context: { Title: 'Run 1198: go on?' } };
  const said = { response: 'go', endedBy: 'grace', comment: 'Looks good, 続けて.' };
  return [
    make(1, steering, {}),
    make(2, rows, other),
    make(3, form, { ...other, stateName: 'Settings', awaited: false }),
    make(4, question, { mayAnswer: false, respondents: { users: ['grace'], projects: [] } }),
    make(5, question, { ...over, ...said, status: 'answered' }),
    make(6, question, { ...over, status: 'expired' }),
  ];
}

/** Questions to people: those of the world, which ada answers. */
export function webInputHandlers(world: World): Handlers {
  const find = (id: string): WebInput => {
    const found = world.webInputs.find((asked) => asked.id === id);
    if (found === undefined) throw new DomainError('notFound', `there is no question ${id}`);
    return found;
  };
  const end = (id: string, ending: WebInputEnding): WebInput => {
    const asked = find(id);
    const settled = settleWebInput(asked, ending, world.now());
    if ('refusal' in settled) {
      const { kind, message, faults = [] } = settled.refusal;
      throw new DomainError(kind, message, { faults });
    }
    const ended = { ...asked, ...settled.end, mayAnswer: false, mayClose: false, awaited: false };
    world.webInputs.splice(world.webInputs.indexOf(asked), 1, ended);
    world.note(`webInput.${ended.status}`, 'webInput', id);
    return ended;
  };
  const isFor = (asked: WebInput) =>
    asked.respondents !== null && mayAnswer(ada, asked.respondents) && asked.mayAnswer;
  const isWanted = (asked: WebInput, filter: string): boolean => {
    if (filter === 'mine') return asked.status === 'open' && isFor(asked);
    return filter === 'all' || (filter === 'open') === (asked.status === 'open');
  };
  return {
    listWebInputs: ({ query }) =>
      page(
        world.webInputs.filter(
          (asked) =>
            isWanted(asked, query.filter) &&
            (query.flowRun === undefined || asked.flowRunId === query.flowRun),
        ),
        query,
      ),
    getWebInput: ({ params }) => find(params.webInputId),
    respondToWebInput: ({ params, body }) =>
      end(params.webInputId, { kind: 'answer', by: ada.name, ...body }),
    closeWebInput: ({ params, body }) =>
      end(params.webInputId, { kind: 'close', by: ada.name, reason: body.reason }),
  };
}
