import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FileFinished, FileGrowing } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { atEnd, quietLog, testFolder } from '../agent-test-kit.ts';
import { instrumentConfigSchema, type InstrumentConfig } from '../config/agent-config.ts';
import type { WatchConfig } from '../config/watch-config.ts';
import { WatchedInstrument } from './watched-instrument.ts';

/** An instrument that is watched in a test, with no hub. */
export interface WatchWorld {
  /** Where its files appear. */
  raw: string;
  /** What was told, in order; kept over restarts. */
  told: FileFinished[];
  /** Sizes of files that were not whole. */
  grown: FileGrowing[];
  /** Files of which the log warned. */
  warnedOf: string[];
  /** Paths that were told. */
  paths(): string[];
  start(): Promise<void>;
  stop(): Promise<void>;
  instrument: InstrumentConfig;
}

/** Makes an instrument whose watching can be stopped and started again. */
export function watchWorld(
  t: TestContext,
  watch: Partial<Record<keyof WatchConfig, unknown>> = {},
): WatchWorld {
  const folder = testFolder(t);
  const raw = join(folder, 'raw');
  mkdirSync(raw);
  const instrument = instrumentConfigSchema.parse({
    name: 'camera',
    collection: 'raw',
    returnTo: 'answers:/',
    watch,
  });
  const told: FileFinished[] = [];
  const grown: FileGrowing[] = [];
  const warnedOf: string[] = [];
  const warn = (about: object): void => {
    if ('path' in about) warnedOf.push(String(about.path));
  };
  const running: { watched: WatchedInstrument | null } = { watched: null };
  const stop = async (): Promise<void> => {
    await running.watched?.close();
    running.watched = null;
  };
  atEnd(t, stop);
  return {
    raw,
    told,
    grown,
    warnedOf,
    instrument,
    stop,
    paths: () => told.map(({ path }) => path),
    start: async () => {
      running.watched = await WatchedInstrument.start({
        instrument,
        collection: { name: 'raw', root: raw, title: '', writable: true },
        folder: join(folder, 'state'),
        log: { ...quietLog, warn },
        tell: (message) => {
          if ('type' in message && message.type === 'fileFinished') told.push(message);
          if ('type' in message && message.type === 'fileGrowing') grown.push(message);
          return Promise.resolve();
        },
      });
    },
  };
}
