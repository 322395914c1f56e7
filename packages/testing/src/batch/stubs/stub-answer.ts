/** What a stub command says. */
export interface StubAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** An answer without complaint. */
export function said(stdout: string): StubAnswer {
  return { exitCode: 0, stdout, stderr: '' };
}

/** A complaint. */
export function complained(exitCode: number, stderr: string): StubAnswer {
  return { exitCode, stdout: '', stderr: `${stderr}\n` };
}
