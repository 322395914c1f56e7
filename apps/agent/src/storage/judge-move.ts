import type { MovedFile } from '@interpulse/adapters/mover/mover.ts';
import type { ErrorKind } from '@interpulse/domain/error.ts';
import type { TransferItem, TransferredFile } from '@interpulse/domain/transfer/transfer.ts';
import { parseLocation } from '@interpulse/domain/location.ts';

/** What a report may hold: the schema's number, and a message well below 2 MiB. */
const reportLimits = { files: 1000, characters: 1024 * 1024 };

/** Faults that another attempt may not meet. */
const passing: ReadonlySet<ErrorKind> = new Set(['unavailable', 'exhausted']);

/** How a move ended, as a report tells it. */
export interface MoveVerdict {
  event: 'succeeded' | 'failed';
  reason: string | null;
  retryable: boolean;
  files: TransferredFile[];
}

/** Whether trouble of this kind may be over at the next attempt. */
export function isPassing(kind: ErrorKind | undefined): boolean {
  return kind === undefined || passing.has(kind);
}

/** Judges a move by its files: one that failed fails it, and those that failed are told first. */
export function judgeMove(
  files: readonly MovedFile[],
  items: readonly TransferItem[],
): MoveVerdict {
  const failed = files.filter(({ status }) => status === 'failed');
  const others = files.filter(({ status }) => status !== 'failed');
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more files)` : '';
  return {
    event: first === undefined ? 'succeeded' : 'failed',
    reason: first === undefined ? null : `${first.reason ?? `${first.path} failed`}${more}`,
    retryable: failed.length > 0 && failed.every(({ errorKind }) => isPassing(errorKind)),
    files: tellFiles([...failed, ...others], items),
  };
}

function tellFiles(files: readonly MovedFile[], items: readonly TransferItem[]): TransferredFile[] {
  const told: TransferredFile[] = [];
  const sourceOf = sourceFinder(items);
  let characters = 0;
  for (const { path, sizeBytes, xxh3, status, reason } of files.slice(0, reportLimits.files)) {
    const source = status === 'failed' ? undefined : sourceOf(path);
    const file: TransferredFile = {
      path: `/${path}`,
      sizeBytes,
      xxh3,
      status,
      ...(source === undefined ? {} : { source }),
      ...(reason === undefined ? {} : { reason }),
    };
    characters += JSON.stringify(file).length;
    if (characters > reportLimits.characters) break;
    told.push(file);
  }
  return told;
}

/** Finds where a file of the destination came from; a path that fits two items is the longer's. */
function sourceFinder(items: readonly TransferItem[]): (path: string) => string | undefined {
  const sources = new Map<string, string>();
  for (const { source, destination } of items) {
    const target = trim(parseLocation(destination).path);
    sources.set(target, source.replace(/\/$/, ''));
    // A file that goes into a folder keeps its name there.
    const name = source.replace(/\/$/, '').split('/').at(-1) ?? '';
    if (destination.endsWith('/')) {
      const inside = target === '' ? name : `${target}/${name}`;
      if (!sources.has(inside)) sources.set(inside, source.replace(/\/$/, ''));
    }
  }
  return (path) => {
    const parts = path.split('/');
    for (let count = parts.length; count >= 0; count -= 1) {
      const source = sources.get(parts.slice(0, count).join('/'));
      if (source !== undefined) return [source, ...parts.slice(count)].join('/');
    }
    return undefined;
  };
}

function trim(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
