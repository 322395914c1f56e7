import { unwrap } from '@interpulse/api/client/create-client.ts';
import { appSchema } from '@interpulse/domain/app/app.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TestHub } from './start-test-hub.ts';

/** The preview that the tests' jobs leave. */
export const preview = {
  kind: 'curves' as const,
  title: 'a curve',
  x: { label: 'time', unit: 's', scale: 'linear' as const },
  y: { label: 'g2', unit: '', scale: 'linear' as const },
  curves: [{ label: 'a', x: [0, 1], y: [1, 2] }],
  figures: [{ label: 'decay rate', value: 12.5, error: 0.5, unit: '1/s' }],
};

/** Saves the app `analyze`: one file in, a result and a preview out. */
export async function analyzeApp(hub: TestHub): Promise<void> {
  const { name: app, ...body } = appSchema.parse({
    name: 'analyze',
    command: ['analyze', '{file}'],
    inputs: [{ name: 'file' }],
    outputs: [
      { name: 'result', path: 'result.h5' },
      { name: 'preview', path: 'preview.json', required: false },
    ],
    resources: { cores: 1, walltimeSeconds: 60 },
  });
  await hub.send('PUT', `/apps/${app}`, body);
}

const definition: JsonObject = {
  StartAt: 'Analyze',
  States: {
    Analyze: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'analyze', inputs: { 'file.$': '$.input.file' } },
      ResultPath: '$.Analyze',
      WaitTime: 3600,
      ExceptionOnActionFailure: true,
      Next: 'Publish',
    },
    Publish: {
      Type: 'Action',
      ActionUrl: 'interpulse:ingest',
      Parameters: {
        'title.=': "'result of ' + input.file",
        kind: 'result',
        'files.=': '[Analyze.details.outputs[0].location]',
        'preview.=': 'Analyze.details.outputs[1].location',
      },
      ResultPath: '$.Publish',
      WaitTime: 600,
      Next: 'Return',
    },
    Return: {
      Type: 'Action',
      ActionUrl: 'interpulse:transfer',
      Parameters: {
        items: [
          {
            'source.$': '$.Analyze.details.outputs[0].location',
            'destination.=': "input.returnTo + 'result.h5'",
          },
        ],
      },
      ResultPath: '$.Return',
      WaitTime: 3600,
      End: true,
    },
  },
};

/** Saves the flow `answer` (compute, ingest, transfer back), and its trigger for an instrument. */
export async function analyzeFlow(hub: TestHub, instrument: string | null): Promise<void> {
  await unwrap(
    hub.admin.PUT('/api/v1/flows/{flow}', {
      params: { path: { flow: 'answer' } },
      body: { definition, project: 'demo' },
    }),
  );
  if (instrument === null) return;
  const source = { kind: 'file' as const, instrument, pattern: '/shots/*.h5' };
  await unwrap(
    hub.admin.PUT('/api/v1/triggers/{trigger}', {
      params: { path: { trigger: 'every-shot' } },
      body: { source, flowName: 'answer', project: 'demo' },
    }),
  );
}
