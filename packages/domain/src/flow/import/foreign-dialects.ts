import type { ForeignAction, ForeignKind } from './foreign-mapping.ts';

/** A field of a foreign action's input: what its ids name, or that it is taken, or passed over. */
type Field = { ids: ForeignKind } | 'taken' | 'path' | 'ignored';

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
  'store_base_path_info',
  'source_local_user',
  'destination_local_user',
  'submission_id',
];

/** Fields that say as whom Globus does something; here it is the flow run's owner. */
const asWhom = ['local_user', 'DATA_TYPE', 'submission_id'];

const collection = { ids: 'collections' } as const;

/** The dialects of each action together: the older fields first. */
export const foreignFields: Readonly<Record<ForeignAction, Readonly<Record<string, Field>>>> = {
  'interpulse:transfer': {
    source_endpoint_id: collection,
    destination_endpoint_id: collection,
    transfer_items: 'taken',
    source_endpoint: collection,
    destination_endpoint: collection,
    DATA: 'taken',
    label: 'taken',
    source_path: 'path',
    destination_path: 'path',
    recursive: 'taken',
    ...passedOver(waysOfMoving),
  },
  'interpulse:compute': {
    endpoint: { ids: 'sites' },
    function: { ids: 'apps' },
    func: { ids: 'apps' },
    kwargs: 'taken',
    payload: 'taken',
    args: 'taken',
    endpoint_id: { ids: 'sites' },
    function_id: { ids: 'apps' },
    tasks: 'taken',
    label: 'taken',
    ...passedOver([
      'task_group_id',
      'create_queue',
      'user_endpoint_config',
      'resource_specification',
    ]),
  },
  'interpulse:list': {
    endpoint_id: collection,
    endpoint: collection,
    path: 'path',
    limit: 'taken',
    path_only: 'taken',
    show_hidden: 'taken',
    ...passedOver(asWhom),
  },
  'interpulse:stat': {
    endpoint_id: collection,
    endpoint: collection,
    path: 'path',
    ...passedOver(asWhom),
  },
  'interpulse:mkdir': {
    endpoint_id: collection,
    endpoint: collection,
    path: 'path',
    ...passedOver(asWhom),
  },
  'interpulse:delete': {
    endpoint_id: collection,
    endpoint: collection,
    items: 'taken',
    DATA: 'taken',
    path: 'path',
    recursive: 'taken',
    ignore_missing: 'taken',
    ...passedOver([...asWhom, ...waysOfMoving, 'label', 'skip_source_errors']),
  },
  'interpulse:collection': {
    endpoint_id: collection,
    collection_id: collection,
    endpoint: collection,
  },
  'interpulse:access': {
    endpoint_id: collection,
    endpoint: collection,
    path: 'path',
    operation: 'taken',
    permissions: 'taken',
    principal: 'taken',
    principal_type: 'taken',
    ...passedOver(['rule_id', 'notify_email', 'notify_message', 'expiration_date', 'DATA_TYPE']),
  },
  'interpulse:ingest': {
    subject: 'taken',
    content: 'taken',
    ...passedOver(['search_index', 'visible_to', 'id', 'mimetype', 'principal_sets']),
  },
  'interpulse:notify': {
    destination: 'taken',
    subject: 'taken',
    body_template: 'taken',
    body_variables: 'taken',
    body_mimetype: 'taken',
    notification_method: 'taken',
    ...passedOver(['notification_priority', 'sender', 'send_credentials']),
  },
  'interpulse:evaluate': {
    expression: 'taken',
    arguments: 'taken',
    result_path: 'taken',
    expressions: 'taken',
  },
  'interpulse:hello': {
    echo_string: 'taken',
    sleep_time: 'taken',
    ...passedOver(['required_dependent_scope']),
  },
  'interpulse:skip': {},
};

/** What a field of Globus' is passed over for, where that changes what people may expect. */
export const passedOverReasons: Readonly<Record<string, string>> = {
  visible_to: 'is passed over: a dataset is seen by those who have a role in its project',
  search_index: 'is passed over: there is one catalog here',
  user_endpoint_config: 'is passed over: accounts and queues are the pools of the site',
  resource_specification: 'is passed over: the app says what it needs of a site',
  send_credentials: 'is passed over: mail goes through the server of the hub; take secrets out',
  notify_email: 'is passed over: whom it names is told nothing; notify them by interpulse:notify',
  expiration_date: 'is passed over: a role in a project does not end by itself',
  sender: 'is passed over: mail comes from the address of the hub',
};

function passedOver(names: readonly string[]): Record<string, Field> {
  return Object.fromEntries(names.map((name) => [name, 'ignored' as const]));
}
