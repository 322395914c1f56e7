import { createJobRelay } from '@interpulse/agent/compute/job-relay.ts';
import { createTransferRelay } from '@interpulse/agent/storage/transfer-relay.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { BenchHub } from '../compute/start-bench-hub.ts';

/** Cores of the one pilot: nothing waits for room. */
const cores = 20_000;

/** What the hub refuses of the bench ends the bench. */
const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string): never => {
    throw new Error(message, { cause: fields });
  },
};

/** Work that the hub has given to the site: a job or a transfer, with the words of its step. */
export interface Work {
  /** What the step wrote in its parameters, see {@link stepParameters}. */
  words: string;
  /** Tells the hub that it is done; settles when that is committed. */
  done(): Promise<void>;
}

/**
 * A site that does nothing itself: a real session with one pilot and two collections, whose work is
 * done when the bench says so.
 */
export class PretendSite {
  readonly #agent: FakeAgent;
  // Its reports gather as those of an agent, and by the same code.
  readonly #jobs = createJobRelay((reports) => this.#agent.sayJobs(...reports), log);
  readonly #transfers = createTransferRelay((reports) => this.#agent.sayTransfers(...reports), log);
  /** Hears of work as it comes. */
  onWork: (work: Work) => void = () => undefined;

  private constructor(hub: BenchHub, identity: { agentId: string; secret: string }) {
    this.#agent = new FakeAgent({
      url: hub.url,
      ...identity,
      pilotCores: cores,
      hears: (message) => this.#hear(message),
      state: {
        compute: {
          batch: 'local',
          scratchCollection: 'theta',
          allowsCommands: true,
          apps: { allow: 'templates', digests: [] },
          labels: [],
          launcher: null,
          pools: [poolOffer({ coresPerNode: cores })],
        },
        collections: [
          { name: 'theta', title: '', writable: true },
          { name: 'clutch', title: '', writable: true },
        ],
      },
    });
  }

  /** Enrols it, gives the hub an app for its jobs, and waits until its pilot is there. */
  static async start(hub: BenchHub): Promise<PretendSite> {
    const { client } = hub;
    const { code } = await unwrap(
      client.POST('/api/v1/enrolment-codes', { body: { site: 'theta' } }),
    );
    const identity = await unwrap(client.POST('/api/v1/agents/enrol', { body: { code } }));
    const body = {
      command: ['step', '{words}'],
      parameters: { type: 'object', properties: { words: { type: 'string' } } },
      resources: { cores: 1, walltimeSeconds: 600 },
    };
    const params = { path: { app: 'step' } };
    await unwrap(client.PUT('/api/v1/apps/{app}', { params, body }));
    const site = new PretendSite(hub, identity);
    await site.#agent.ready();
    await until('a pilot', 20, async () => site.#agent.pilots.size > 0);
    return site;
  }

  /** Leaves the hub. */
  end(): void {
    this.#agent.vanish();
  }

  #hear(message: HubToAgent): void {
    const agent = this.#agent;
    if (message.type === 'leases') {
      for (const lease of message.jobs) {
        const held = { ...lease, pilotId: message.pilotId };
        this.onWork({
          words: wordsOf(lease.parameters['words']),
          done: () => this.#jobs.add([agent.report(held, 'completed')]),
        });
      }
    }
    if (message.type === 'transferOrders') {
      for (const order of message.orders) {
        this.onWork({
          words: (order.items[0]?.source.split(':/')[1] ?? '').replaceAll('/', ' '),
          done: () => this.#transfers.add([agent.transferReport(order, 'succeeded')]),
        });
      }
    }
  }
}

/** What a step of a bench's flow does. */
export type StepKind = 'compute' | 'transfer' | 'ingest';

/**
 * A state of a flow for the pretend site. Its work comes with the words `KEY NUMBER`, where KEY is
 * the flow run's input `key`.
 */
export function stepState(kind: StepKind, number: number): Record<string, unknown> {
  const words = `'/' + input.key + '/${number}'`;
  const parameters = {
    compute: { app: 'step', parameters: { 'words.=': `input.key + ' ${number}'` } },
    transfer: {
      items: [{ 'source.=': `'clutch:' + ${words}`, 'destination.=': `'theta:' + ${words}` }],
    },
    ingest: {
      'title.=': `input.key + ' ${number}'`,
      kind: 'raw',
      'files.=': `['theta:' + ${words}]`,
    },
  };
  return {
    Type: 'Action',
    ActionUrl: `interpulse:${kind}`,
    Parameters: parameters[kind],
    ResultPath: `$.step${number}`,
    WaitTime: 86_400,
  };
}

/** Saves a flow of steps one after the other; answers its name. */
export async function saveChain(
  { client }: BenchHub,
  name: string,
  kinds: readonly StepKind[],
): Promise<string> {
  const states = kinds.map((kind, index) => {
    const next = index + 1 < kinds.length ? { Next: `Step${index + 1}` } : { End: true };
    return [`Step${index}`, { ...stepState(kind, index), ...next }];
  });
  const definition = { StartAt: 'Step0', States: Object.fromEntries(states) as never };
  const params = { path: { flow: name } };
  await unwrap(client.PUT('/api/v1/flows/{flow}', { params, body: { definition } }));
  return name;
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
