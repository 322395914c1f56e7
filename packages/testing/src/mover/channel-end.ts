import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createChannelListener } from '@interpulse/adapters/mover/channel/channel-listener.ts';
import type { ChannelTask } from '@interpulse/adapters/mover/channel/channel-task.ts';
import { connectChannel } from '@interpulse/adapters/mover/channel/connect-channel.ts';
import { createSelfSignedCertificate } from '@interpulse/adapters/mover/channel/self-signed-certificate.ts';
import type { ChannelTicket } from '@interpulse/adapters/mover/channel/ticket.ts';
import type { MoveSummary } from '@interpulse/adapters/mover/mover.ts';

/** What one end, in a process of its own, is told to do. */
export type ChannelOrder =
  | { kind: 'listen'; host: string; isTls: boolean }
  | { kind: 'expect'; ticket: ChannelTicket; task: ChannelTask }
  | { kind: 'connect'; host: string; port: number; ticket: ChannelTicket; task: ChannelTask };

/** What it says. */
export type ChannelWord =
  | { kind: 'listening'; port: number; fingerprint: string | null }
  | { kind: 'moved'; summary: MoveSummary; cpuSeconds: number }
  | { kind: 'failed'; errorKind: string; message: string };

/** One end of a channel in a process that can be killed. */
export class ChannelEnd {
  readonly child: ChildProcess;

  constructor(namespace: string | null = null) {
    const inside = ['netns', 'exec', namespace ?? '', process.execPath];
    this.child = fork(import.meta.filename, ['channel-end'], {
      ...(namespace === null ? {} : { execPath: 'ip', execArgv: inside }),
    });
  }

  /** Gives an order; resolves with the next word, or with null when the process died. */
  async order(order: ChannelOrder): Promise<ChannelWord | null> {
    const word = new Promise<ChannelWord | null>((resolve) => {
      const died = (): void => resolve(null);
      this.child.once('exit', died);
      this.child.once('message', (said) => {
        this.child.off('exit', died);
        resolve(said as ChannelWord);
      });
      if (this.child.exitCode !== null || this.child.signalCode !== null) resolve(null);
    });
    if (this.child.connected) this.child.send(order, () => undefined);
    return word;
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}

function serveOrders(): void {
  let listener: ReturnType<typeof createChannelListener> | null = null;
  const obey = async (order: ChannelOrder): Promise<ChannelWord> => {
    if (order.kind === 'listen') {
      const tls = createSelfSignedCertificate('test', 3600);
      const { host, isTls } = order;
      listener = createChannelListener({ host, port: 0, ...(isTls ? { tls } : {}) });
      const { port, fingerprint } = await listener;
      return { kind: 'listening', port, fingerprint };
    }
    const { ticket, task } = order;
    const before = process.cpuUsage();
    const moved =
      order.kind === 'connect'
        ? connectChannel(order, ticket, task)
        : (await listener)?.expect(ticket, task);
    const summary = await moved;
    if (summary === undefined) throw new Error('not listening');
    const { user, system } = process.cpuUsage(before);
    return { kind: 'moved', summary, cpuSeconds: (user + system) / 1e6 };
  };
  process.on('message', (order) => {
    void obey(order as ChannelOrder)
      .catch((error: unknown): ChannelWord => {
        const errorKind = error instanceof Error && 'kind' in error ? String(error.kind) : '';
        return { kind: 'failed', errorKind, message: String(error) };
      })
      .then((word) => process.send?.(word));
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[2] === 'channel-end') serveOrders();
