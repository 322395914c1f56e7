import { join } from 'node:path';
import type { ChannelTask } from '@interpulse/adapters/mover/channel/channel-task.ts';
import { connectChannel } from '@interpulse/adapters/mover/channel/connect-channel.ts';
import { CollectionRoot } from '@interpulse/adapters/mover/collection-root.ts';
import { localMover } from '@interpulse/adapters/mover/local-mover.ts';
import type {
  MovePlan,
  MoveProgress,
  MoveSummary,
  MoveWatch,
} from '@interpulse/adapters/mover/mover.ts';
import type { AgentState, TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { TransferOrder } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { removeParts } from '@interpulse/adapters/mover/remove-parts.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation, type Location } from '@interpulse/domain/location.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Tell } from '../hub/tell-hub.ts';
import type { Collections } from '../collections/collections.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { openChannel, type OpenChannel } from './open-channel.ts';
import { isPassing, judgeMove } from './judge-move.ts';
import { transferInTheWay, type InTheWay } from './transfer-in-the-way.ts';
import { createTransferRelay, type TransferRelay } from './transfer-relay.ts';
import { UnfinishedTransfers, type UnfinishedTransfer } from './unfinished-transfers.ts';

/** What the storage role works with. */
export interface StorageSurroundings {
  config: AgentConfig;
  collections: Collections;
  tell: Tell;
  log: AgentLog;
}

interface Going {
  attempt: number;
  items: TransferOrder['items'];
  abort: AbortController;
  done: Promise<void>;
}

const storageLimits = {
  /** Progress of one transfer is told this often. */
  progressMs: 1_000,
  /** Ended attempts remembered, so that an order that comes again does not begin anew. */
  endedTransfers: 10_000,
};

/** Why a transfer stops for good: no later attempt goes on with what there is of its files. */
const canceled = new Error('canceled');

/**
 * Carries out the agent's side of transfers. One side's word ends an attempt: that of the side
 * that writes (`copy`, `receive`), because only it knows what arrived. The sending side speaks only
 * when the attempt cannot have begun: its collection is not there, or nobody could be reached.
 */
export class StorageRole {
  readonly #with: StorageSurroundings;
  readonly #relay: TransferRelay;
  readonly #channel: OpenChannel | null;
  readonly #going = new Map<string, Going>();
  readonly #ended = new Map<string, number>();
  readonly #unfinished: UnfinishedTransfers;

  private constructor(
    surroundings: StorageSurroundings,
    channel: OpenChannel | null,
    unfinished: UnfinishedTransfers,
  ) {
    this.#with = surroundings;
    this.#unfinished = unfinished;
    const { tell, log } = surroundings;
    this.#relay = createTransferRelay((reports) => tell({ type: 'transferReports', reports }), log);
    this.#channel = channel;
  }

  /** Opens the channel where one is configured. @throws DomainError `unavailable`. */
  static async start(surroundings: StorageSurroundings): Promise<StorageRole> {
    const { config } = surroundings;
    const unfinished = await UnfinishedTransfers.open(join(config.folder, 'transfers'));
    return new StorageRole(surroundings, await openChannel(config), unfinished);
  }

  /** How others reach the channel. */
  get channel(): AgentState['channel'] {
    return this.#channel?.offer ?? null;
  }

  /** Transfers under way or broken off, for the agent's state: the hub cancels what is over. */
  state(): AgentState['transfers'] {
    const going = [...this.#going].map(([transferId, { attempt }]) => ({
      transferId: transferId as AgentState['transfers'][number]['transferId'],
      attempt,
    }));
    const others = this.#unfinished.all().filter(({ transferId }) => !this.#going.has(transferId));
    return [...going, ...others.map(({ transferId, attempt }) => ({ transferId, attempt }))];
  }

  /** A transfer that reads or writes at one of some locations, in it, or around it; else null. */
  inTheWay(locations: readonly Location[]): InTheWay | null {
    return transferInTheWay(this.#going, locations);
  }

  /** Begins what is new; a later attempt takes the place of an earlier one. */
  order(orders: readonly TransferOrder[]): void {
    for (const order of orders) {
      const { transferId, attempt } = order;
      const going = this.#going.get(transferId);
      if ((going?.attempt ?? 0) >= attempt) continue;
      if ((this.#ended.get(transferId) ?? 0) >= attempt) continue;
      going?.abort.abort(new Error('a later attempt takes its place'));
      this.#begin(order, going?.done ?? Promise.resolve());
    }
  }

  /** Stops transfers; their ends are not reported, the hub knows them. */
  cancel(transferIds: readonly string[]): void {
    for (const id of transferIds) {
      const going = this.#going.get(id);
      const brokenOff = this.#unfinished.get(id);
      if (going !== undefined) going.abort.abort(canceled);
      else if (brokenOff !== undefined) void this.#cleanUp(brokenOff);
    }
  }

  /** Stops everything and closes the channel; the hub orders it again from the next agent. */
  async close(): Promise<void> {
    for (const { abort } of this.#going.values()) abort.abort(new Error('the agent ends'));
    await Promise.all([...this.#going.values()].map(({ done }) => done));
    await this.#channel?.listener.close();
    await this.#unfinished.settled();
  }

  #begin(order: TransferOrder, before: Promise<void>): void {
    const { transferId, attempt } = order;
    if (writes(order)) this.#unfinished.note(order);
    const abort = new AbortController();
    const run = async (): Promise<void> => {
      await before;
      await this.#run(order, abort.signal);
      if (abort.signal.reason === canceled) await this.#cleanUp(order);
      if (this.#going.get(transferId)?.abort !== abort) return;
      this.#going.delete(transferId);
      if (abort.signal.aborted) return;
      this.#ended.set(transferId, attempt);
      const [oldest] = this.#ended.keys();
      const isFull = this.#ended.size > storageLimits.endedTransfers;
      if (isFull && oldest !== undefined) this.#ended.delete(oldest);
    };
    this.#going.set(transferId, { attempt, items: order.items, abort, done: run() });
  }

  /** Never rejects. */
  async #run(order: TransferOrder, signal: AbortSignal): Promise<void> {
    const progress = new ProgressTeller(order, (report) => this.#relay.add([report]));
    const isWriter = writes(order);
    try {
      const summary = await this.#move(order, {
        signal,
        onProgress: (each) => progress.note(each, isWriter),
      });
      if (!isWriter || summary === null) return;
      const verdict = judgeMove(summary.files, order.items);
      if (verdict.event === 'succeeded') this.#unfinished.forget(order.transferId);
      else if (!verdict.retryable) await this.#cleanUp(order);
      void this.#relay.add([{ ...progress.report(verdict.event), ...verdict }]);
    } catch (error) {
      const { transferId, attempt, role } = order;
      if (signal.aborted) return;
      this.#with.log.warn({ err: error, transferId, attempt, role }, 'a transfer did not end well');
      if (!isWriter && progress.began) return;
      const kind = error instanceof DomainError ? error.kind : 'unavailable';
      // A refused ticket is one that the other side has not heard of yet.
      const retryable = isPassing(kind) || kind === 'unauthenticated';
      if (!retryable) await this.#cleanUp(order);
      const failed = {
        ...progress.report('failed'),
        reason: error instanceof Error ? error.message : String(error),
        retryable,
      };
      void this.#relay.add([failed]);
    }
  }

  /** Removes what lies at the destination of files that will never be whole. Never rejects. */
  async #cleanUp({ transferId }: Pick<TransferOrder, 'transferId'>): Promise<void> {
    const order = this.#unfinished.get(transferId);
    const [first] = order?.items ?? [];
    if (order === undefined || first === undefined) return;
    const { collection } = parseLocation(first.destination);
    try {
      await removeParts(this.#with.collections.get(collection).root, planOf(order));
      this.#unfinished.forget(transferId);
    } catch (error) {
      this.#with.log.warn({ err: error, transferId }, 'parts of a transfer could not be removed');
    }
  }

  /** Null for a relay, which has nothing of its own to say. */
  async #move(order: TransferOrder, watch: MoveWatch): Promise<MoveSummary | null> {
    const { collections } = this.#with;
    const [first] = order.items;
    if (first === undefined) throw new DomainError('invalid', 'the transfer has no items');
    const plan = planOf(order);
    const root = (location: string): string =>
      collections.get(parseLocation(location).collection).root;
    if (order.role === 'relay') {
      const ticket = { ...order, fingerprint: this.#listener().fingerprint };
      await this.#listener().relay(ticket, watch);
      return null;
    }
    if (order.role !== 'send') this.#assertWritable(first.destination);
    if (order.role === 'copy') {
      return localMover.move(root(first.source), root(first.destination), plan, watch);
    }
    const task: ChannelTask = {
      role: order.role,
      root: root(order.role === 'send' ? first.source : first.destination),
      plan,
    };
    // Before anybody connects: a root that is away must not look like a broken connection.
    await CollectionRoot.open(task.root);
    const { transferId, attempt, secret, peer } = order;
    if (peer === null) {
      const { fingerprint } = this.#listener();
      return this.#listener().expect({ transferId, attempt, secret, fingerprint }, task, watch);
    }
    const ticket = { transferId, attempt, secret, fingerprint: peer.fingerprint };
    return connectChannel(peer, ticket, task, watch);
  }

  #listener(): OpenChannel['listener'] {
    if (this.#channel !== null) return this.#channel.listener;
    const said = 'neither side of the transfer can be reached; give one agent a "channel"';
    throw new DomainError('invalid', said);
  }

  #assertWritable(location: string): void {
    const { collection } = parseLocation(location);
    if (this.#with.collections.get(collection).writable) return;
    throw new DomainError('forbidden', `the collection "${collection}" is read-only here`);
  }
}

/** Whether it writes at the destination, and not at the other end or in between. */
function writes({ role }: TransferOrder): boolean {
  return role === 'copy' || role === 'receive';
}

/** Reports of one attempt; progress at most once a second, one word under way at a time. */
class ProgressTeller {
  began = false;
  readonly #order: TransferOrder;
  readonly #tell: (report: TransferReport) => Promise<void>;
  #latest: MoveProgress | null = null;
  #toldMs = performance.now();
  #isTelling = false;

  constructor(order: TransferOrder, tell: (report: TransferReport) => Promise<void>) {
    this.#order = order;
    this.#tell = tell;
  }

  note(progress: MoveProgress, isTold: boolean): void {
    this.began = true;
    this.#latest = progress;
    const now = performance.now();
    if (!isTold || this.#isTelling || now - this.#toldMs < storageLimits.progressMs) return;
    this.#toldMs = now;
    this.#isTelling = true;
    void this.#tell(this.report('progress')).finally(() => (this.#isTelling = false));
  }

  report(event: TransferReport['event']): TransferReport {
    const { transferId, attempt } = this.#order;
    return {
      transferId,
      attempt,
      event,
      at: fromMilliseconds(Date.now()),
      bytesDone: this.#latest?.bytesDone ?? 0,
      bytesTotal: this.#latest?.bytesTotal ?? null,
      filesDone: this.#latest?.filesDone ?? 0,
      files: [],
      reason: null,
      retryable: false,
    };
  }
}

/** The same value at both ends: the receiver refuses what the plan does not ask for. */
function planOf({ transferId, items, durable }: UnfinishedTransfer): MovePlan {
  return {
    transferId,
    items: items.map(({ source, destination, recursive }) => ({
      sourcePath: parseLocation(source).path.slice(1),
      destinationPath: parseLocation(destination).path.slice(1),
      recursive,
    })),
    skipUnchanged: true,
    durable,
  };
}
