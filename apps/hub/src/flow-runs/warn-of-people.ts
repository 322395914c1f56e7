import type { Fault } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { inspectFlows } from '@interpulse/domain/flow/inspect-flows.ts';
import { askedPeople, unknownPeople } from '@interpulse/domain/flow/unknown-people.ts';
import type { Json } from '@interpulse/domain/json.ts';
import { missingRespondents } from '@interpulse/store/web-inputs/write-web-inputs.ts';
import type { Hub } from '../hub.ts';

/** Warnings of those whom a definition asks who are nobody here; none of what cannot be read. */
export async function warnOfPeople(
  { db, mapping: { principals } }: Pick<Hub, 'db' | 'mapping'>,
  definition: Json,
): Promise<Fault[]> {
  const parsed = parseDefinition(definition);
  if (!('definition' in parsed)) return [];
  const flows = inspectFlows(parsed.definition);
  const asked = askedPeople(flows, principals);
  const isAsking = asked.users.length + asked.projects.length > 0;
  const missing = new Set(isAsking ? await missingRespondents(db, asked) : []);
  return unknownPeople(flows, { missing, principals }).map((fault) => ({
    ...fault,
    loc: ['definition', ...fault.loc],
  }));
}
