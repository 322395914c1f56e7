import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import type { Facility } from '@interpulse/testing/facility/start-facility.ts';

/** What may be killed of the small facility. */
export const victims = ['hub', 'alpha', 'beta', 'beamline', 'pilot', 'database'] as const;

/** Kills it with SIGKILL, and starts again what nobody else does. */
export async function killAndRestart(
  facility: Facility,
  victim: (typeof victims)[number],
  random: () => number,
): Promise<void> {
  if (victim === 'pilot') {
    const pilots = findProcesses(facility.folder).filter(({ command }) => /pilot/.test(command));
    const chosen = pilots[Math.floor(random() * pilots.length)];
    if (chosen) process.kill(chosen.pid, 'SIGKILL');
    return;
  }
  if (victim === 'database') {
    const server = findProcesses(facility.folder).find(({ command }) =>
      /postgres -D/.test(command),
    );
    if (server) process.kill(server.pid, 'SIGKILL');
    // A hub does not outlive its embedded database; whoever runs it starts it again.
    await facility.kill('hub');
    return facility.start('hub');
  }
  await facility.kill(victim);
  await facility.start(victim);
}
