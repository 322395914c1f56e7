import type { ForeignAction, ForeignKind } from './foreign-mapping.ts';

/** A field of a foreign action's input: what its ids name, or that it is taken, or passed over. */
type Field = { ids: ForeignKind } | 'taken' | 'ignored';

/** Fields of transfers that say how Globus moves; our mover checks all that it moves. */
const waysOfMoving = [
  'sync_level',
  'verify_checksum',
  'encrypt_data',
  'preserve_timestamp',
  'fail_on_quota_errors',
  'notify_on_succeeded',
  'notify_on_failed',
  'notify_on_inactive',
  'deadline',
  'DATA_TYPE',
];

/** Both dialects of each action: the older first. */
export const foreignFields: Readonly<Record<ForeignAction, Readonly<Record<string, Field>>>> = {
  'interpulse:transfer': {
    source_endpoint_id: { ids: 'collections' },
    destination_endpoint_id: { ids: 'collections' },
    transfer_items: 'taken',
    source_endpoint: { ids: 'collections' },
    destination_endpoint: { ids: 'collections' },
    DATA: 'taken',
    label: 'taken',
    ...Object.fromEntries(waysOfMoving.map((name) => [name, 'ignored' as const])),
  },
  'interpulse:compute': {
    endpoint: { ids: 'sites' },
    function: { ids: 'apps' },
    kwargs: 'taken',
    args: 'taken',
    endpoint_id: { ids: 'sites' },
    function_id: { ids: 'apps' },
    tasks: 'taken',
    label: 'taken',
  },
};
