import { readFileSync } from 'node:fs';
import type { Fault } from '@interpulse/domain/error.ts';
import { createFaultLocator, type Place } from './locate-fault.ts';
import type { FlowFile } from './read-flow-file.ts';

/** A fault or warning with its line, where it has one. */
export type PlacedFault = Fault & { place: Place | null };

/** What finding places needs to know of a file. */
export type FlowSource = Pick<FlowFile, 'file' | 'isBare' | 'schemaKey' | 'brokenAt'>;

/** Faults with their places in the file; of a schema in a file beside it there is none. */
export function placedFaults(
  { file, isBare, schemaKey, brokenAt }: FlowSource,
  faults: readonly Fault[],
): PlacedFault[] {
  if (faults.length === 0) return [];
  if (brokenAt !== null) return faults.map((fault) => ({ ...fault, place: brokenAt }));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return faults.map((fault) => ({ ...fault, place: null }));
  }
  const locator = createFaultLocator(text);
  return faults.map((fault) => {
    const [root, ...rest] = fault.loc;
    if (isBare && root === 'inputSchema') return { ...fault, place: null };
    const inFile = isBare
      ? rest
      : root === 'inputSchema'
        ? [schemaKey, ...rest]
        : [root ?? '', ...rest];
    return { ...fault, place: locator.placeOf(inFile) };
  });
}

/** What is worth a look, in a line as compilers write it. */
export function warningLine(file: string, fault: PlacedFault): string {
  // That Globus does not know a word of ours is good to know, and nothing to look after.
  return faultLine(file, fault.type === 'extension' ? 'note' : 'warning', fault);
}

/** A fault in a line as compilers write it. */
export function faultLine(file: string, kind: string, { place, loc, msg }: PlacedFault): string {
  const where = place === null ? file : `${file}:${place.line}:${place.column}`;
  const path = loc.length > 0 ? ` (${loc.join('.')})` : '';
  return `${where}: ${kind}: ${msg}${path}`;
}
