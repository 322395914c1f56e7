import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';

/** `collection` and `transfer`: storage, and moving between it. */
export function registerData(program: Command): void {
  const collection = program.command('collection').description('storage with a name');
  withPaging(collection.command('list').description('collections')).action(
    async (options, command) => {
      const { listCollections } = await import('./collections.ts');
      await listCollections(await openContext(command), options);
    },
  );
  collection
    .command('ls <location>')
    .description('what lies in a folder, collection:/path')
    .action(async (location, _, command) => {
      const { listFolder } = await import('./collections.ts');
      await listFolder(await openContext(command), location);
    });
  registerTransfer(program);
}

function registerTransfer(program: Command): void {
  const transfer = program.command('transfer').description('moving files between collections');
  transfer
    .command('start <source> <destination>')
    .description('move a file or folder, from collection:/path to collection:/path')
    .option('--recursive', 'the source is a folder')
    .option('--label <text>', 'for people')
    .option('--deadline <when>', 'seconds from now, 10m, 2h, or an instant')
    .option('--project <project>', 'who pays')
    .option('--follow', 'wait for its end, with a progress bar')
    .action(async (source, destination, options, command) => {
      const { startTransfer } = await import('./transfers.ts');
      await startTransfer(await openContext(command), { source, destination, ...options });
    });
  withPaging(
    transfer
      .command('list')
      .description('transfers, newest first')
      .option('--state <state>', 'in one state')
      .option('--flow-run <id>', 'of one flow run')
      .option('--job <id>', 'of one job'),
  ).action(async (options, command) => {
    const { listTransfers } = await import('./transfers.ts');
    await listTransfers(await openContext(command), options);
  });
  transfer
    .command('show <transfer>')
    .description('one transfer')
    .action(async (id, _, command) => {
      const { showTransfer } = await import('./transfers.ts');
      await showTransfer(await openContext(command), id);
    });
  transfer
    .command('follow <transfer>')
    .description('a progress bar until it ends; fails when it fails')
    .action(async (id, _, command) => {
      const { followTransfer } = await import('./follow-transfer.ts');
      await followTransfer(await openContext(command), id);
    });
  transfer
    .command('cancel <transfer>')
    .description('cancel it')
    .action(async (id, _, command) => {
      const { cancelTransfer } = await import('./transfers.ts');
      await cancelTransfer(await openContext(command), id);
    });
}
