import { Pilot } from './pilot.ts';
import { readPilotConfig } from './pilot-config.ts';

function log(message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}

/** The program of a pilot; ends the process with the pilot. */
export async function servePilot(): Promise<void> {
  try {
    const command = [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'spawner'];
    const pilot = new Pilot(readPilotConfig(process.env), {
      environment: process.env,
      command,
      log,
    });
    // What batch systems send before they take the nodes away; some send both.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1'] as const) {
      process.on(signal, () => pilot.warn(`its nodes are taken for other work (${signal})`));
    }
    log(`the pilot ends: ${await pilot.ended}`);
    process.exit(0);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
