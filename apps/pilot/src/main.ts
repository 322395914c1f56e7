import { Pilot } from './pilot.ts';
import { readPilotConfig } from './pilot-config.ts';

function log(message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}

try {
  const pilot = new Pilot(readPilotConfig(process.env), { environment: process.env, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => pilot.stop(`it was ended by ${signal}`));
  }
  log(`the pilot ends: ${await pilot.ended}`);
  process.exit(0);
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
