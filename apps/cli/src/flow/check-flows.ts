import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { faultLine, placedFaults, warningLine, type PlacedFault } from './placed-faults.ts';
import { readFlowFile, type FlowFile } from './read-flow-file.ts';

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
  if (flow.faults.length > 0)
    return { file, faults: placedFaults(flow, flow.faults), warnings: [] };
  const body = { definition, inputSchema } as Schemas['CheckFlowBody'];
  const { faults, warnings } = await unwrap(client.POST('/api/v1/flows/check', { body }));
  return { file, faults: placedFaults(flow, faults), warnings: placedFaults(flow, warnings) };
}

function textOf({ file, faults, warnings }: CheckedFile): string {
  const lines = [
    ...faults.map((fault) => faultLine(file, 'error', fault)),
    ...warnings.map((fault) => warningLine(file, fault)),
  ];
  if (faults.length === 0) lines.push(`${file}: no faults`);
  return lines.join('\n');
}
