import { availableParallelism } from 'node:os';
import { mkdirSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
import {
  hubFolder,
  readAdminToken,
  readLocalHub,
  removeLocalAddress,
} from '../connection/local-hub.ts';
import { describeFailure } from '../output/describe-failure.ts';
import { checkData, type CheckedData } from './check-data.ts';
import { dataFolder, type DataFolder } from './data-folder.ts';
import { leastFreeBytes, neededFreeBytes, requireFreeSpace } from './free-space.ts';
import { isAlive } from './is-alive.ts';
import { isPortFree } from './is-port-free.ts';
import { facility as names, rawFolder } from './agent-configs.ts';
import { createScreen, type Screen } from './live/screen.ts';
import { createFacility, type Facility } from './facility.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';
import { runFacility } from './run-facility.ts';
import type { UpOptions } from './up-options.ts';

const spaceCheckMilliseconds = 10_000;

/** `up`. @returns The exit code; nothing that it started runs any more. */
export async function runUp(options: UpOptions): Promise<number> {
  const stop = listenForStop();
  const screen = createScreen(process.stdout);
  try {
    const data = await checkData(options.data, options.app);
    const folder = await prepareFolder(options);
    return await runIn(folder, options, data, stop, screen);
  } catch (error) {
    if (stop.signal.aborted && stop.reason === undefined) return 0;
    const { exitCode, text } = describeFailure(stop.reason ?? error, false);
    process.stderr.write(`${text}\n`);
    return exitCode;
  } finally {
    stop.close();
  }
}

async function runIn(
  folder: DataFolder,
  options: UpOptions,
  data: CheckedData,
  stop: StopRequest,
  screen: Screen,
): Promise<number> {
  const facility = createFacility({
    folder,
    say: (line) => screen.say(line),
    onGivenUp: (reason) => stop.fail(new DomainError('unavailable', reason)),
    cores: availableParallelism(),
    signal: stop.signal,
  });
  stop.onForce(() => facility.kill());
  const watchSpace = setInterval(() => {
    try {
      requireFreeSpace(folder.root, leastFreeBytes);
    } catch (error) {
      stop.fail(error);
    }
  }, spaceCheckMilliseconds);
  try {
    const exitCode = await runFacility({ facility, folder, options, data, stop, screen });
    if (stop.reason !== undefined) throw stop.reason;
    return exitCode;
  } finally {
    clearInterval(watchSpace);
    screen.close();
    await endEverything(facility, folder, stop);
  }
}

async function endEverything(
  facility: Facility,
  folder: DataFolder,
  stop: StopRequest,
): Promise<void> {
  const isAsked = stop.signal.aborted && stop.reason === undefined;
  if (stop.signal.aborted) process.stderr.write('stopping (Ctrl-C again forces it) ...\n');
  await facility.stop();
  removeLocalAddress(folder.root);
  if (isAsked) process.stderr.write(`stopped; everything is kept in ${folder.root}\n`);
}

/** Makes the folder ready. @throws DomainError when something is in the way. */
async function prepareFolder(options: UpOptions): Promise<DataFolder> {
  const folder = dataFolder(options.folder);
  makeFolders(folder);
  requireFreeSpace(folder.root, neededFreeBytes);
  const local = readLocalHub(folder.root);
  if (local !== undefined && isAlive(local.pid) && readAdminToken(folder.root) !== undefined) {
    const message =
      `interpulse runs in ${folder.root} already, at ${local.url} (process ${local.pid}); ` +
      'end it first, or name another folder with --folder';
    throw new DomainError('conflict', message);
  }
  if (options.port !== 0 && !(await isPortFree('127.0.0.1', options.port))) {
    const message =
      `port ${options.port} of 127.0.0.1 is taken by another program; ` +
      'choose another with --port (0 takes any free one)';
    throw new DomainError('conflict', message);
  }
  return folder;
}

function makeFolders(folder: DataFolder): void {
  try {
    const wanted = [folder.logs, folder.configs, folder.answers, rawFolder(folder)];
    const sites = names.computeSites.map((site) => folder.storage(site));
    mkdirSync(folder.root, { recursive: true, mode: 0o700 });
    for (const each of [...wanted, ...sites, hubFolder(folder.root)]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOSPC'
        ? 'the disk is full'
        : code === 'EACCES'
          ? 'you may not write there'
          : message;
    const said = `cannot use the folder ${folder.root}: ${why}; name another with --folder`;
    throw new DomainError(code === 'ENOSPC' ? 'exhausted' : 'invalid', said, { cause });
  }
}
