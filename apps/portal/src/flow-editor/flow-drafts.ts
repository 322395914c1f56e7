import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { FlowDraft } from './flow-editor.tsx';
import { writeFlowText } from './flow-text.ts';

const example = {
  Comment: 'Analyzes a file and publishes the result',
  StartAt: 'Analyze',
  States: {
    Analyze: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'my-app', inputs: { 'file.$': '$.input.file' } },
      ResultPath: '$.Analyze',
      WaitTime: 3600,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.problem', Next: 'Failed' }],
      Next: 'Publish',
    },
    Publish: {
      Type: 'Action',
      ActionUrl: 'interpulse:ingest',
      Parameters: {
        'title.=': "'Result of ' + input.file",
        kind: 'result',
        'files.=': '[output.location for output in Analyze.details.outputs]',
      },
      ResultPath: '$.Publish',
      WaitTime: 600,
      End: true,
    },
    Failed: { Type: 'Fail', Error: 'AnalysisFailed', Cause: 'the analysis failed' },
  },
};

const exampleInput = {
  type: 'object',
  required: ['input'],
  properties: {
    input: {
      type: 'object',
      required: ['file'],
      properties: {
        file: {
          type: 'string',
          title: 'File',
          description: 'Location: collection:/path',
          format: 'interpulse-location',
        },
      },
    },
  },
};

/** What a new flow begins with. */
export const newDraft: FlowDraft = {
  name: '',
  title: '',
  description: '',
  project: '',
  definition: writeFlowText(example, 'json'),
  inputSchema: writeFlowText(exampleInput, 'json'),
};

/** A flow to be edited. */
export function draftOfFlow(flow: Schemas['Flow']): FlowDraft {
  const { name, title, description, project, definition, inputSchema } = flow;
  return {
    name,
    title,
    description,
    project,
    definition: writeFlowText(definition, 'json'),
    inputSchema: writeFlowText(inputSchema, 'json'),
  };
}
