import { readFileSync } from 'node:fs';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { createFaultLocator, type Place } from './locate-fault.ts';
import { readFlowFile, type FlowFile } from './read-flow-file.ts';

type PlacedFault = Fault & { place: Place | null };

/** What was found in one file. */
interface CheckedFile {
  file: string;
  faults: PlacedFault[];
  warnings: PlacedFault[];
}

/** `flow check`: faults and warnings with their lines, like a compiler's. */
export async function checkFlows(context: Context, files: string[]): Promise<void> {
  const found: CheckedFile[] = [];
  for (const file of files) found.push(await checkFile(context, readFlowFile(file)));
  context.out.document({ files: found }, () => found.map(textOf).join('\n'));
  if (found.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
}

async function checkFile({ client }: Context, flow: FlowFile): Promise<CheckedFile> {
  const { file, definition, inputSchema } = flow;
  if (flow.faults.length > 0) return { file, faults: placed(flow, flow.faults), warnings: [] };
  const body = { definition, inputSchema } as Schemas['CheckFlowBody'];
  const { faults, warnings } = await unwrap(client.POST('/api/v1/flows/check', { body }));
  return { file, faults: placed(flow, faults), warnings: placed(flow, warnings) };
}

/** Faults with their places in the file; of a schema in a file beside it there is none. */
function placed({ file, isBare, schemaKey }: FlowFile, faults: readonly Fault[]): PlacedFault[] {
  if (faults.length === 0) return [];
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

function textOf({ file, faults, warnings }: CheckedFile): string {
  const lines = [
    ...faults.map((fault) => lineOf(file, 'error', fault)),
    ...warnings.map((fault) => lineOf(file, weightOf(fault), fault)),
  ];
  if (faults.length === 0) lines.push(`${file}: no faults`);
  return lines.join('\n');
}

/** That Globus does not know a word of ours is good to know, and nothing to look after. */
function weightOf({ type }: PlacedFault): string {
  return type === 'extension' ? 'note' : 'warning';
}

function lineOf(file: string, kind: string, { place, loc, msg }: PlacedFault): string {
  const where = place === null ? file : `${file}:${place.line}:${place.column}`;
  const path = loc.length > 0 ? ` (${loc.join('.')})` : '';
  return `${where}: ${kind}: ${msg}${path}`;
}
