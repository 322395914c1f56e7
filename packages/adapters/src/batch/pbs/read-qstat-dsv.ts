import { DomainError } from '@interpulse/domain/error.ts';
import type { SeenJob } from '../seen-job.ts';
import { meaning } from './pbs-job.ts';

/** Separates the fields of a line; a value that holds it has a backslash before it. */
const separator = '|';

/**
 * Reads the answer of `qstat -f -F dsv`: one line per job, `Job Id: 1.server|Job_Name=…|…`.
 *
 * @throws DomainError `unavailable` with the first line that was not understood.
 */
export function readQstatDsv(text: string): SeenJob[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [head = '', ...fields] = splitFields(line);
    const batchJobId = /^Job Id:\s*(\S+)$/.exec(head.trim())?.[1];
    const attributes = new Map(fields.map((field) => readAttribute(field)));
    const get = (name: string): string => attributes.get(name) ?? '';
    if (batchJobId === undefined || get('job_state') === '') throw notUnderstood(line);
    return meaning({
      batchJobId,
      name: get('Job_Name'),
      state: get('job_state'),
      execHost: get('exec_host'),
      comment: get('comment'),
      exitStatus: get('Exit_status'),
      runCount: get('run_count'),
      holdTypes: get('Hold_Types'),
      queuedTime: get('qtime'),
      queueRank: get('queue_rank'),
      estimatedStart: get('estimated.start_time'),
    });
  });
}

function splitFields(line: string): string[] {
  const fields = [''];
  for (let index = 0; index < line.length; index += 1) {
    const letter = line[index] ?? '';
    if (letter === '\\' && index + 1 < line.length) {
      index += 1;
      fields.push(`${fields.pop()}${line[index]}`);
    } else if (letter === separator) fields.push('');
    else fields.push(`${fields.pop()}${letter}`);
  }
  return fields;
}

function readAttribute(field: string): [name: string, value: string] {
  const at = field.indexOf('=');
  return at < 0 ? [field.trim(), ''] : [field.slice(0, at).trim(), field.slice(at + 1).trim()];
}

function notUnderstood(line: string): DomainError {
  const said = JSON.stringify(line.slice(0, 200));
  return new DomainError('unavailable', `reading what qstat says: ${said} is not understood`);
}
