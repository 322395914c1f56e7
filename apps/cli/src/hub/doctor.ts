import type { GlobalOptions } from '../context.ts';
import { createOutput } from '../output/output.ts';
import { checkHub } from './check-hub.ts';
import { checkMachine } from './check-machine.ts';

/** One thing that was looked at. */
export interface Finding {
  name: string;
  ok: boolean;
  /** What was seen. */
  detail: string;
  /** How to mend it; empty when it is right. */
  mend: string;
}

/** What `doctor` is told. */
export interface DoctorOptions {
  folder: string;
  port: string;
}

/** `doctor`: every finding with how to mend it; exit code 1 when one is wrong. */
export async function runDoctor(given: GlobalOptions, options: DoctorOptions): Promise<void> {
  const findings = [...(await checkMachine(options)), ...(await checkHub(given, options))];
  const out = createOutput(given.json ?? false);
  out.document(findings, () => findings.map(findingLine).join('\n'));
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

function findingLine({ name, ok, detail, mend }: Finding): string {
  const line = `${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(18)} ${detail}`;
  return mend === '' ? line : `${line}\n      ${''.padEnd(18)} → ${mend}`;
}
