import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { DomainError } from '@interpulse/domain/error.ts';
import { readHubConfig } from './hub-config.ts';
import { startHub } from './start-hub.ts';

/**
 * The hub. `--config FILE`. Writes one JSON line to stdout when it is ready (`{ready, url}`) or
 * when it cannot start (`{error}`); logs go to stderr.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new DomainError('invalid', 'name a file with --config');
  const config = readHubConfig(values.config, process.env);
  const log = pino({ level: config.logLevel, base: { app: 'hub' } }, pino.destination(2));
  const hub = await startHub(config, log);
  process.stdout.write(`${JSON.stringify({ ready: true, url: hub.url })}\n`);
  log.info({ url: hub.url }, 'the hub is ready');
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, 'the hub stops');
    void hub.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Whoever started the hub may have died without a signal.
  if (process.channel) process.on('disconnect', () => stop('disconnect'));
  await hub.databaseEnded;
  if (stopping) return;
  log.error({}, 'the embedded database ended; the hub ends with it, to be started again');
  process.exit(1);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${JSON.stringify({ error: message })}\n`);
  if (!(error instanceof DomainError)) process.stderr.write(`${String((error as Error).stack)}\n`);
  process.exit(1);
});
