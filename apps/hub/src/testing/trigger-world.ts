import assert from 'node:assert/strict';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { instrumentState, startTestHub, type TestHub } from './start-test-hub.ts';

/** A flow that ends at once. */
export const passFlow = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

const at = '2026-11-21T12:00:00.000Z';

/** One event at a trigger, as the hub tells it. */
export interface ToldFiring {
  key: string;
  outcome: string;
  reason: string | null;
  summary: string;
  repeats: number;
  flowRunId: string | null;
}

/** A flow run that a trigger started, with its input. */
export interface TriggeredRun {
  id: string;
  label: string;
  trigger: string | null;
  deadlineAt: string | null;
  tags: Record<string, string>;
  input: unknown;
}

/** A hub, the instrument `tokamak`, the flow `pass`, and what tests of triggers ask of them. */
export class TriggerWorld {
  readonly hub: TestHub;
  readonly #beamline: FakeAgent;

  private constructor(hub: TestHub, beamline: FakeAgent) {
    this.hub = hub;
    this.#beamline = beamline;
  }

  static async make(): Promise<TriggerWorld> {
    const hub = await startTestHub(await openTestDatabase());
    const beamline = new FakeAgent({
      url: hub.url,
      ...(await hub.enrol('beamline')),
      state: instrumentState('tokamak', 60),
    });
    await beamline.ready();
    const world = new TriggerWorld(hub, beamline);
    await world.flow('pass');
    return world;
  }

  async end(): Promise<void> {
    this.#beamline.vanish();
    await this.hub.stop();
    await this.hub.hub.db.close();
  }

  /** Saves a flow that ends at once. */
  async flow(name: string, inputSchema: object = {}): Promise<void> {
    const body = { definition: passFlow, inputSchema, project: 'demo' };
    const saved = await this.hub.send('PUT', `/flows/${name}`, body);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
  }

  /** Saves a trigger of the flow `pass` where nothing else is said. */
  async save(name: string, fields: object): Promise<Record<string, unknown>> {
    const request = { flowName: 'pass', project: 'demo', ...fields };
    const { status, body } = await this.hub.send('PUT', `/triggers/${name}`, request);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async forget(name: string): Promise<void> {
    await this.hub.send('DELETE', `/triggers/${name}`);
  }

  async read(name: string): Promise<Record<string, unknown>> {
    return (await this.hub.send('GET', `/triggers/${name}`)).body;
  }

  /** Tells the hub that a file is whole. */
  file(path: string, fields: object = {}): Promise<void> {
    return this.#beamline.say({
      type: 'fileFinished',
      instrument: 'tokamak',
      path,
      sizeBytes: 1,
      modifiedAt: at,
      closedAt: at,
      shotNumber: 7,
      metadata: {},
      ...fields,
    });
  }

  /** The instrument's agent sees a file that is not whole yet. */
  grows(path: string, sizeBytes: number, frames = 0): Promise<void> {
    const about = { instrument: 'tokamak', path, sizeBytes, modifiedAt: at, seenAt: at };
    return this.#beamline.say({ type: 'fileGrowing', ...about, shotNumber: 7, frames });
  }

  /** Tells the hub of a run of the instrument. */
  async tellRun(event: object): Promise<void> {
    const { status, body } = await this.hub.send('POST', '/instruments/tokamak/events', event);
    assert.ok(status < 300, JSON.stringify(body));
  }

  /** Events at a trigger, oldest first. */
  async firings(name: string): Promise<ToldFiring[]> {
    const { body } = await this.hub.send('GET', `/triggers/${name}/firings?limit=500`);
    return (body['items'] as ToldFiring[]).toReversed();
  }

  async outcomes(name: string): Promise<string[]> {
    return (await this.firings(name)).map(({ outcome }) => outcome);
  }

  /** The flow runs of a trigger, oldest first. */
  async runsOf(name: string): Promise<TriggeredRun[]> {
    const ids = (await this.firings(name)).flatMap(({ flowRunId }) => flowRunId ?? []);
    return Promise.all(
      ids.map(async (id) => {
        const { body } = await this.hub.send('GET', `/flow-runs/${id}`);
        return { ...(body['flowRun'] as TriggeredRun), input: body['input'] };
      }),
    );
  }
}
