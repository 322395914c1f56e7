import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { deleteInputSchema, type DeleteInput } from '@interpulse/domain/flow/file-action-inputs.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import type { Action, PerformCall, PerformOutcome } from './action.ts';
import { askAboutLocation } from './ask-about-location.ts';
import { endedAction } from './ended-action.ts';

/** How far it is. Only after all was looked at and that is remembered, the first is deleted. */
const memorySchema = z.strictObject({
  phase: z.enum(['look', 'delete']),
  /** The piece that is next. */
  piece: z.number().int(),
  files: z.number().int(),
  folders: z.number().int(),
  missing: z.number().int(),
});

type Memory = z.infer<typeof memorySchema>;

/**
 * `interpulse:delete`: files and folders of collections. What a call that was cut off has deleted
 * already is not missed by the next one: that everything was there is remembered before.
 */
export const deletePaths: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ input }) {
    const request = deleteInputSchema.parse(input);
    const [location] = request.locations;
    return { kind: 'deferred', request, ...(location === undefined ? {} : { location }) };
  },

  async perform(call) {
    const input = deleteInputSchema.parse(call.request);
    const pieces = inPieces(input.locations);
    const fresh: Memory = { phase: 'look', piece: 0, files: 0, folders: 0, missing: 0 };
    const memory = call.memory === null ? fresh : memorySchema.parse(call.memory);
    const piece = pieces[memory.piece];
    if (piece === undefined) return endOf(call, memory);
    if (memory.phase === 'look') {
      const { missing } = await ask(call, input, piece, true);
      const isLast = memory.piece + 1 === pieces.length;
      return again(pieces.length, {
        ...memory,
        phase: isLast ? 'delete' : 'look',
        piece: isLast ? 0 : memory.piece + 1,
        missing: memory.missing + missing,
      });
    }
    return deletePiece(call, input, memory, pieces);
  },
};

async function deletePiece(
  call: PerformCall,
  input: DeleteInput,
  memory: Memory,
  pieces: string[][],
): Promise<PerformOutcome> {
  try {
    const wanted = { ...input, ignoreMissing: true };
    const done = await ask(call, wanted, pieces[memory.piece] ?? [], false);
    const next: Memory = {
      ...memory,
      piece: memory.piece + (done.hasMore ? 0 : 1),
      files: memory.files + done.files,
      folders: memory.folders + done.folders,
    };
    return next.piece < pieces.length ? again(pieces.length, next) : endOf(call, next);
  } catch (error) {
    // Some may be gone already: it was begun, and it failed.
    const isOurs = error instanceof DomainError && error.kind !== 'unavailable';
    if (!isOurs) throw error;
    const { files, folders, missing } = memory;
    const displayStatus = `failed: ${error.message}`;
    const details = { files, folders, missing, reason: error.message };
    return endedAction(call, details, { succeeded: false, displayStatus });
  }
}

function ask(
  call: PerformCall,
  { recursive, ignoreMissing }: DeleteInput,
  locations: string[],
  checkOnly: boolean,
) {
  const question = { ask: 'deletePaths' as const, locations, recursive, ignoreMissing, checkOnly };
  return askAboutLocation(call, locations[0] ?? '', question, 'deleted');
}

function again(pieces: number, memory: Memory): PerformOutcome {
  const { phase, piece, files } = memory;
  const part = pieces === 1 ? '' : `, part ${piece + 1} of ${pieces}`;
  const note =
    phase === 'look' ? `looking at what is there${part}` : `deleted ${files} files${part}`;
  return { kind: 'again', afterSeconds: 0, memory, note };
}

function endOf(call: PerformCall, { files, folders, missing }: Memory): PerformOutcome {
  return endedAction(call, { files, folders, missing }, { displayStatus: 'deleted' });
}

/** Locations of one collection go together; one question holds some. */
function inPieces(locations: readonly string[]): string[][] {
  const byCollection = Map.groupBy(locations, (each) => parseLocation(each).collection);
  return [...byCollection.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / limits.pathsPerDelete) }, (_, index) =>
      all.slice(index * limits.pathsPerDelete, (index + 1) * limits.pathsPerDelete),
    ),
  );
}
