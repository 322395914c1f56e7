import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from './enrol-with-pilot.ts';
import { instrumentState, type TestHub } from './start-test-hub.ts';

/** Agents of two sites, and a pilot at the second: data at `beamline`, computing at `centre`. */
export async function enrolTwoSites(
  hub: TestHub,
): Promise<{ beamline: FakeAgent; centre: FakeAgent }> {
  const beamline = new FakeAgent({
    url: hub.url,
    ...(await hub.enrol('beamline')),
    state: instrumentState('tokamak', 60),
  });
  await beamline.ready();
  return { beamline, centre: await enrolWithPilot(hub, 'centre') };
}
