import { opendir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { WatchConfig } from '../config/watch-config.ts';
import { readFileUnit, readFolderUnit, type UnitState } from '../instrument/watch/read-unit.ts';
import { decideSettle } from '../instrument/watch/settle.ts';
import type { WatchedPaths } from '../instrument/watch/watched-paths.ts';

/** Names that are looked at at most: people wait for the answer. */
const mostNames = 200_000;

/** Files, or folders that are told as one, of which is said why they are not told. */
const mostNamed = 3;

/** What lies in a watched folder. */
interface Found {
  units: string[];
  /** One that the pattern does not match; null where there is none. */
  other: string | null;
  isCut: boolean;
}

/**
 * Says what of a watched folder matches, what of it the agent knows already (`told`; null before it
 * first ran), and why it does not tell the rest. @throws the system's error without the folder.
 */
export async function lookAtUnits(
  root: string,
  watch: WatchConfig,
  paths: WatchedPaths,
  told: ReadonlySet<string> | null,
): Promise<string> {
  const found = await findUnits(root, watch, paths);
  const { length } = found.units;
  const things = watch.unit === 'folder' ? 'folders' : 'files';
  if (length === 0) {
    const other = found.other === null ? '' : `; there is ${found.other}`;
    return `nothing in ${paths.top || '/'} matches ${watch.pattern}${other}`;
  }
  const count = `${found.isCut ? 'at least ' : ''}${length} ${things} match ${watch.pattern}`;
  if (told === null) {
    const skips = 'left alone when the agent first starts ("existing": "skip")';
    return `${count}: ${watch.existing === 'skip' ? skips : 'to be told when the agent starts'}`;
  }
  const mark = watch.unit === 'folder' ? '/' : '';
  const rest = found.units.filter((unit) => !told.has(`${unit}${mark}`));
  const known = `${count}: ${length - rest.length} told, or there before`;
  const named = rest.slice(-mostNamed);
  const why = await Promise.all(named.map((unit) => whyNot(root, watch, paths, unit)));
  const more = rest.length > named.length ? [`and ${rest.length - named.length} more`] : [];
  return [known, ...why, ...more].join('; ');
}

async function findUnits(root: string, watch: WatchConfig, paths: WatchedPaths): Promise<Found> {
  const found: Found = { units: [], other: null, isCut: false };
  const open = [paths.top];
  let names = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = await opendir(join(root, folder)).catch((error: unknown) => {
      if (folder === paths.top) throw error;
      return [];
    });
    for await (const entry of entries) {
      names += 1;
      if (names > mostNames) return { ...found, isCut: true };
      if (paths.isHidden(entry.name)) continue;
      const path = `${folder}/${entry.name}`;
      const isUnit = paths.unitOf(path) === path;
      const isFile = entry.isFile();
      if (isUnit && (watch.unit === 'file' ? isFile : entry.isDirectory())) found.units.push(path);
      else if (entry.isDirectory() && paths.mayHold(path)) open.push(path);
      else if (isFile && !paths.isSentinel(path)) found.other ??= path;
    }
  }
  return { ...found, units: found.units.toSorted() };
}

async function whyNot(
  root: string,
  watch: WatchConfig,
  paths: WatchedPaths,
  unit: string,
): Promise<string> {
  const read = watch.unit === 'folder' ? readFolderUnit : readFileUnit;
  const state = await read(root, unit, paths, watch).catch((error: unknown) => String(error));
  if (state === null) return `${unit} is gone`;
  if (typeof state === 'string') return `${unit}: ${state}`;
  const ageAtSightMs = Math.max(0, Date.now() - state.touchedMilliseconds);
  const settled = decideSettle(watch.settle, { seenAtMs: 0, ageAtSightMs }, state.evidence, 0);
  if (settled.kind === 'whole') return `${unit} is whole, and is told when the agent sees it`;
  return `${unit} ${waitingFor(watch, paths, unit, state)}`;
}

function waitingFor(
  { settle }: WatchConfig,
  paths: WatchedPaths,
  unit: string,
  { evidence }: UnitState,
): string {
  const sentinel = paths.sentinelFor(unit);
  if (sentinel !== null && !evidence.hasSentinel) return `waits for ${basename(sentinel)}`;
  if (typeof settle === 'object' && 'files' in settle && evidence.files < settle.files) {
    return `has ${evidence.files} of ${settle.files} files`;
  }
  if (evidence.writer === 'open') {
    return 'is open for writing, cut off, or no HDF5 file (h5clear -s where its writer died)';
  }
  return evidence.files === 0 ? 'is empty' : 'is still being written to';
}
