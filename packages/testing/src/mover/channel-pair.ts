import assert from 'node:assert/strict';
import { createChannelListener } from '@interpulse/adapters/mover/channel/channel-listener.ts';
import type { ChannelTask } from '@interpulse/adapters/mover/channel/channel-task.ts';
import { connectChannel } from '@interpulse/adapters/mover/channel/connect-channel.ts';
import { createSelfSignedCertificate } from '@interpulse/adapters/mover/channel/self-signed-certificate.ts';
import type { ChannelTicket } from '@interpulse/adapters/mover/channel/ticket.ts';
import type { MovePlan, MoveSummary, MoveWatch } from '@interpulse/adapters/mover/mover.ts';

/** Who listens, and whether in TLS. */
export interface ChannelKind {
  listens: 'send' | 'receive' | 'relay';
  isTls: boolean;
}

/** Both ends of a channel in this process; both must tell the same story. The receiver's counts. */
export async function channelPair(
  kind: ChannelKind,
  sourceRoot: string,
  destinationRoot: string,
  plan: MovePlan,
  watch: MoveWatch,
): Promise<MoveSummary> {
  const tls = kind.isTls ? createSelfSignedCertificate('test', 3600) : undefined;
  const listener = await createChannelListener({
    host: '127.0.0.1',
    port: 0,
    ...(tls === undefined ? {} : { tls }),
  });
  const { fingerprint, port } = listener;
  const ticket: ChannelTicket = {
    transferId: plan.transferId,
    attempt: 1,
    secret: 'for both ends',
    fingerprint,
  };
  const address = { host: '127.0.0.1', port };
  const end = (task: ChannelTask): Promise<MoveSummary> =>
    kind.listens === task.role
      ? listener.expect(ticket, task, watch)
      : connectChannel(address, ticket, task, watch);
  try {
    const relayed = kind.listens === 'relay' ? listener.relay(ticket, watch) : Promise.resolve();
    const [received, sent, relay] = await Promise.allSettled([
      end({ role: 'receive', root: destinationRoot, plan }),
      end({ role: 'send', root: sourceRoot, plan }),
      relayed,
    ]);
    if (received.status === 'rejected') throw received.reason;
    if (sent.status === 'rejected') throw sent.reason;
    assert.equal(relay.status, 'fulfilled');
    const { durationSeconds: _one, ...receiverSays } = received.value;
    const { durationSeconds: _other, ...senderSays } = sent.value;
    assert.deepEqual(senderSays.files, receiverSays.files);
    assert.equal(senderSays.folderCount, receiverSays.folderCount);
    return received.value;
  } finally {
    await listener.close();
  }
}
