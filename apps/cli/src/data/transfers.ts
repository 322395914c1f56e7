import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { transferStates } from '@interpulse/domain/transfer/transfer-state.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { bytes, localTime, span } from '../output/quantities.ts';
import { renderFields } from '../output/render-table.ts';
import { defined, oneOf } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';
import { followTransfer } from './follow-transfer.ts';

/** What `transfer start` is told. */
export interface StartTransferOptions {
  source: string;
  destination: string;
  recursive?: boolean | undefined;
  label?: string | undefined;
  deadline?: string | undefined;
  project?: string | undefined;
  follow?: boolean | undefined;
}

/** `transfer start`. */
export async function startTransfer(
  context: Context,
  options: StartTransferOptions,
): Promise<void> {
  const { source, destination, recursive = false } = options;
  const body: Schemas['SubmitTransferBody'] = {
    items: [{ source, destination, recursive }],
    label: options.label ?? '',
    deadlineAt: deadlineAt(options.deadline, context.nowAt),
    ...(options.project === undefined ? {} : { project: options.project }),
  };
  const header = { 'Idempotency-Key': randomUUID() };
  const transfer = await unwrap(
    context.client.POST('/api/v1/transfers', { params: { header }, body }),
  );
  if (options.follow === true) await followTransfer(context, transfer.id);
  else context.out.document(transfer, () => `started ${transfer.id}`);
}

/** What `transfer list` is told. */
export interface ListTransfersOptions extends Paging {
  state?: string | undefined;
  flowRun?: string | undefined;
  job?: string | undefined;
}

/** `transfer list`. */
export async function listTransfers(
  context: Context,
  options: ListTransfersOptions,
): Promise<void> {
  const { flowRun, job } = options;
  const state = oneOf('--state', transferStates, options.state);
  const wanted = defined({ state, flowRun, job });
  await printList(
    context,
    options,
    (page) =>
      unwrap(
        context.client.GET('/api/v1/transfers', { params: { query: { ...page, ...wanted } } }),
      ),
    (transfers) => ({
      columns: ['transfer', 'from', 'to', 'state', 'files', 'bytes', 'created', 'took', 'reason'],
      rows: transfers.map((transfer) => [
        transfer.id,
        transfer.source,
        transfer.destination,
        transfer.state,
        transfer.filesDone,
        bytes(transfer.bytesDone),
        localTime(transfer.createdAt, context.nowAt),
        span(transfer.startedAt, transfer.endedAt, context.nowAt),
        transfer.reason,
      ]),
      empty: 'no transfers',
    }),
  );
}

/** `transfer show`. */
export async function showTransfer(context: Context, transferId: string): Promise<void> {
  const params = { path: { transferId } };
  const found = await unwrap(context.client.GET('/api/v1/transfers/{transferId}', { params }));
  context.out.document(found, () =>
    renderFields([
      ['transfer', found.id],
      ['label', found.label],
      ['state', found.state],
      ['reason', found.reason],
      ['attempt', found.attempt],
      ['bytes', `${bytes(found.bytesDone)} of ${bytes(found.bytesTotal)}`],
      ['took', span(found.startedAt, found.endedAt, context.nowAt)],
      ...found.items.map(({ source, destination }) => [source, destination] as const),
    ]),
  );
}

/** `transfer cancel`. */
export async function cancelTransfer(context: Context, transferId: string): Promise<void> {
  const params = { path: { transferId } };
  const transfer = await unwrap(
    context.client.POST('/api/v1/transfers/{transferId}/cancel', { params }),
  );
  context.out.document(transfer, () => `${transfer.id} is ${transfer.state}`);
}
