import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

const definition = {
  StartAt: 'Digest',
  States: {
    Digest: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'digest', inputs: { 'file.$': '$.input.file' } },
      ResultPath: '$.Digest',
      Next: 'Publish',
    },
    Publish: {
      Type: 'Action',
      ActionUrl: 'interpulse:ingest',
      Parameters: {
        'title.=': "'digest of ' + pathsplit(input.file)[1]",
        kind: 'result',
        'files.=': '[Digest.details.outputs[0].location]',
      },
      ResultPath: '$.Publish',
      Next: 'Return',
    },
    Return: {
      Type: 'Action',
      ActionUrl: 'interpulse:transfer',
      Parameters: {
        'items.=':
          "[{'source': Digest.details.outputs[0].location," +
          " 'destination': input.returnTo + 'result.txt'}]",
      },
      ResultPath: '$.Return',
      End: true,
    },
  },
};

/** Lets each shot of an instrument be digested where there is a pilot, published and returned. */
export async function prepareWork({ client }: Facility, instrument: string): Promise<void> {
  await unwrap(
    client.PUT('/api/v1/apps/{app}', {
      params: { path: { app: 'digest' } },
      body: {
        command: ['sh', '-c', 'sha256sum < "$1" > result.txt', 'digest', '{file}'],
        inputs: [{ name: 'file' }],
        outputs: [{ name: 'result', path: 'result.txt' }],
      },
    }),
  );
  const path = { flow: 'digest' };
  const body = { title: 'Digest, publish, return', definition };
  await unwrap(client.PUT('/api/v1/flows/{flow}', { params: { path }, body }));
  await until('the instrument', 30, async () => {
    const { items } = await unwrap(client.GET('/api/v1/instruments', {}));
    return items.some(({ name }) => name === instrument);
  });
  await unwrap(
    client.PUT('/api/v1/triggers/{trigger}', {
      params: { path: { trigger: 'shots' } },
      body: {
        source: { kind: 'file', instrument, pattern: '/raw/*' },
        flowName: 'digest',
        deadline: 20,
      },
    }),
  );
  await until('a warm pilot', 30, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(client.GET('/api/v1/pilots', { params: { query } }));
    return items.some(({ state }) => state === 'running');
  });
}
