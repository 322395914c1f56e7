import { isJsonObject } from '../../json.ts';
import type { Json, JsonTrail } from '../../json.ts';
import { mappedPrincipal } from '../../web-input/respondents.ts';
import type { CreateWebInputState } from '../states/create-web-input-state.ts';
import type { ForeignMapping } from './foreign-mapping.ts';

/** Who may answer a question and is nobody here yet. Those that the run makes are not seen. */
export function respondentNeeds(
  { Parameters: parameters }: CreateWebInputState,
  loc: JsonTrail,
  mapping: ForeignMapping,
): { kind: 'principals'; id: string; loc: JsonTrail; msg: string }[] {
  const named: Json = isJsonObject(parameters) ? (parameters['RespondentUrns'] ?? []) : [];
  const urns = Array.isArray(named) ? named : [named];
  const at = [...loc, 'Parameters', 'RespondentUrns'];
  return urns.flatMap((urn, index) => {
    if (typeof urn !== 'string' || mappedPrincipal(urn, mapping.principals) !== null) return [];
    const msg = `${urn} is nobody here; map it to user:NAME or project:NAME in mapping.principals`;
    const where = Array.isArray(named) ? [...at, index] : at;
    return [{ kind: 'principals' as const, id: urn, loc: where, msg }];
  });
}
