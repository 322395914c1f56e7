import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, instrumentState, type TestHub } from './start-test-hub.ts';
import { until } from './until.ts';

/** Agents of two sites, and a pilot at the second: data at `beamline`, computing at `centre`. */
export async function enrolTwoSites(
  hub: TestHub,
): Promise<{ beamline: FakeAgent; centre: FakeAgent }> {
  const beamline = new FakeAgent({
    url: hub.url,
    ...(await hub.enrol('beamline')),
    state: instrumentState('tokamak', 60),
  });
  const centre = new FakeAgent({
    url: hub.url,
    ...(await hub.enrol('centre')),
    state: computeState('centre'),
    pilotCores: 4,
  });
  await Promise.all([beamline.ready(), centre.ready()]);
  await until('a pilot', async () => centre.pilots.size > 0);
  return { beamline, centre };
}
