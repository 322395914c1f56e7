import { FakeAgent, type FakeAgentOptions } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, type TestHub } from './start-test-hub.ts';
import { until } from './until.ts';

/** Enrols a site that computes, by default with pilots of four cores; answers when one is there. */
export async function enrolWithPilot(
  hub: TestHub,
  site: string,
  options: Partial<FakeAgentOptions> = {},
): Promise<FakeAgent> {
  const identity = await hub.enrol(site);
  const usual = { url: hub.url, state: computeState(site), pilotCores: 4 };
  const agent = new FakeAgent({ ...usual, ...identity, ...options });
  await agent.ready();
  await until('a pilot', async () => agent.pilots.size > 0);
  return agent;
}
