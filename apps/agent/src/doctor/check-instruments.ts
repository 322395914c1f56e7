import { constants } from 'node:fs';
import { access, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig, InstrumentConfig } from '../config/agent-config.ts';
import { fileSystemOf } from '../instrument/watch/file-systems.ts';
import { WatchedPaths } from '../instrument/watch/watched-paths.ts';
import { answersFolder } from '../instrument/answers-folder.ts';
import { readToldFiles, ToldJournal } from '../instrument/told-journal.ts';
import { lookAtUnits } from './look-at-units.ts';
import { check, type Check } from './check.ts';

/** Folders that are counted at most: counting must not take longer than people wait. */
const mostFolders = 20_000;

/** What is watched, how, and whether the system has enough watches for it. */
export function checkInstruments(config: AgentConfig): Promise<Check>[] {
  return config.instruments.flatMap((instrument) => {
    const collection = config.collections.find(({ name }) => name === instrument.collection);
    const root = collection?.root ?? '';
    const { runEvents, name } = instrument;
    return [
      check(`instrument ${name}`, watchFix, () => lookAtFolder(root, instrument)),
      check(`files of ${name}`, 'make the folder, or correct "watch"', async () => {
        const told = await readToldFiles(ToldJournal.pathOf(config.folder, name));
        const paths = new WatchedPaths(instrument.watch, answersFolder(instrument));
        return lookAtUnits(root, instrument.watch, paths, told);
      }),
      ...(runEvents === null
        ? []
        : [
            check(`run events of ${name}`, `let this user read ${runEvents.file}`, async () => {
              await access(runEvents.file, constants.R_OK);
              return `${runEvents.file} can be read`;
            }),
          ]),
    ];
  });
}

const watchFix =
  'correct "watch", or raise fs.inotify.max_user_watches (sysctl); meanwhile folders without a ' +
  'watch are looked through every few seconds';

async function lookAtFolder(root: string, { watch }: InstrumentConfig): Promise<string> {
  const paths = new WatchedPaths(watch, []);
  const top = join(root, paths.top);
  const kind = await fileSystemOf(top);
  const byEvents = watch.method !== 'scan';
  const isScanned = !byEvents || (watch.method === 'auto' && kind.isNetwork);
  const ways = [...(byEvents ? ['the system tells of changes'] : [])];
  if (isScanned || watch.rescanSeconds !== null) {
    const every = watch.rescanSeconds === null ? '2 to 15' : String(watch.rescanSeconds);
    ways.push(`folders are looked through every ${every} s`);
  }
  const folders = await countFolders(root, paths);
  const limit = Number(
    await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8').catch(() => 'NaN'),
  );
  const count = folders >= mostFolders ? `more than ${mostFolders}` : String(folders);
  const watches = byEvents && limit > 0 ? ` of ${limit} that may be watched` : '';
  const said = `${top} on ${kind.name}: ${ways.join(', and ')}; ${count} folders${watches}`;
  if (byEvents && folders > limit) throw new Error(said);
  return said;
}

async function countFolders(root: string, paths: WatchedPaths): Promise<number> {
  const open = [paths.top];
  let count = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    count += 1;
    if (count >= mostFolders) return count;
    const entries = await opendir(join(root, folder)).catch((error: unknown) => {
      if (folder === paths.top) throw error;
      return null;
    });
    if (entries === null) continue;
    for await (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      const isWanted = entry.isDirectory() && !paths.isHidden(entry.name) && paths.mayHold(path);
      if (isWanted) open.push(path);
    }
  }
  return count;
}
