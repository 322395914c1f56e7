import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolTwoSites } from '../testing/enrol-two-sites.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;

/** As Globus' examples are: move, compute, each with its own dialect. */
const definition = {
  StartAt: 'Move',
  States: {
    Move: {
      Type: 'Action',
      ActionUrl: 'https://actions.automate.globus.org/transfer/transfer',
      Parameters: {
        'source_endpoint_id.$': '$.input.source.id',
        'destination_endpoint_id.$': '$.input.destination.id',
        transfer_items: [
          {
            'source_path.$': '$.input.source.path',
            'destination_path.$': '$.input.destination.path',
            'recursive.$': '$.input.recursive_tx',
          },
        ],
      },
      ResultPath: '$.Move',
      WaitTime: 600,
      Next: 'Process',
    },
    Process: {
      Type: 'Action',
      ActionUrl: 'https://compute.actions.globus.org/v3',
      Parameters: {
        'endpoint_id.$': '$.input.compute_endpoint_id',
        tasks: [{ 'function_id.$': '$.input.compute_function_id', args: [], kwargs: {} }],
      },
      ResultPath: '$.Process',
      WaitTime: 600,
      End: true,
    },
  },
};

const input = {
  source: { id: id(1), path: '/shot_1.h5' },
  destination: { id: id(2), path: '/in/shot_1.h5' },
  recursive_tx: false,
  compute_endpoint_id: id(3),
  compute_function_id: id(4),
};

describe('a flow written for Globus', () => {
  let hub: TestHub;
  let beamline: FakeAgent;
  let centre: FakeAgent;

  before(async () => {
    const mapping = foreignMappingSchema.parse({
      collections: { [id(1)]: 'raw', [id(2)]: 'centre-scratch' },
      sites: { [id(3)]: 'centre' },
      apps: { [id(4)]: 'bare' },
    });
    hub = await startTestHub(await openTestDatabase(), { mapping });
    await hub.saveApp('bare');
    ({ beamline, centre } = await enrolTwoSites(hub));
    await hub.saveFlow('globus', definition);
  });
  after(async () => {
    beamline.vanish();
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = async (fields: object = {}): Promise<string> => {
    return hub.startFlow('globus', { input: { ...input, ...fields } });
  };
  const read = async (flowRunId: string) => {
    const { body } = await hub.send('GET', `/flow-runs/${flowRunId}`);
    return body['flowRun'] as { status: string; reason: string | null };
  };

  test('it is said to import, and it runs: the files are moved, then the job runs', async () => {
    const check = await hub.send('POST', '/flow-imports/check', { definition });
    assert.equal(check.body['imports'], true, JSON.stringify(check.body));
    const flowRun = await start();
    const order = await centre.nextOrder(({ items }) => items[0]?.source === 'raw:/shot_1.h5');
    assert.equal(order.items[0]?.destination, 'centre-scratch:/in/shot_1.h5');
    await centre.sayTransfer(order, 'succeeded');
    const lease = await centre.nextLease();
    assert.equal(lease.app?.name, 'bare');
    await centre.sayJobs(centre.report(lease, 'completed'));
    const { status, reason } = await read(flowRun);
    assert.equal(status, 'SUCCEEDED', reason ?? '');
  });

  test('an id that is not mapped fails the step, and the reason says where to map it', async () => {
    const flowRun = await start({ source: { id: id(9), path: '/shot_1.h5' } });
    const { status, reason } = await read(flowRun);
    assert.equal(status, 'FAILED');
    assert.match(reason ?? '', /ActionUnableToRun.*0009 is not known here.*mapping\.collections/);
  });

  test('an action that nothing here stands for is named with its place', async () => {
    const ActionUrl = 'https://actions.globus.org/search/delete';
    const States = { Share: { Type: 'Action', ActionUrl, Parameters: {}, End: true } };
    const sharing = { definition: { StartAt: 'Share', States } };
    const { body } = await hub.send('POST', '/flow-imports/check', sharing);
    assert.equal(body['imports'], false);
    const loc = ['definition', 'States', 'Share', 'ActionUrl'];
    const [{ msg, ...need }] = body['needs'] as [{ msg: string }];
    assert.deepEqual(need, { kind: 'action', id: ActionUrl, loc });
    assert.match(msg, /no action here stands for .*search.delete: datasets stay/);
  });
});
