import type { JsonObject } from '../../json.ts';
import type { ForeignReader } from './foreign-reader.ts';

/** Globus' set_permission and manage_permission as the input of `interpulse:access`. */
export function adaptPermission(input: JsonObject, reader: ForeignReader): JsonObject {
  const { operation = 'CREATE', permissions = 'r' } = input;
  if (operation !== 'CREATE' && operation !== 'UPDATE') {
    const way = 'rights end with a role in the project; map the address to "interpulse:skip"';
    reader.problem(`operation ${JSON.stringify(operation)} does nothing here: ${way}`);
  }
  const collection = reader.name('collections', input, ['endpoint_id', 'endpoint']);
  return {
    location: `${collection}:${reader.path(input, 'path')}`,
    grantee: granteeOf(input, reader),
    may: permissions === 'rw' ? 'write' : 'read',
  };
}

function granteeOf(input: JsonObject, reader: ForeignReader): string {
  const { principal_type: type } = input;
  if (type === 'all_authenticated_users') return 'everyone';
  if (type === 'anonymous') {
    reader.problem('principal_type anonymous: nothing here is for people who are not signed in');
    return 'everyone';
  }
  return reader.principal(input, 'principal');
}
