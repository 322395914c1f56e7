import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  transferOrderSchema,
  type TransferOrder,
} from '@interpulse/api/agent-messages/hub-to-agent.ts';

const unfinishedSchema = transferOrderSchema.pick({
  transferId: true,
  attempt: true,
  items: true,
  durable: true,
});

/** A transfer of which something may lie at its destination. */
export type UnfinishedTransfer = z.infer<typeof unfinishedSchema>;

/** More are not told to the hub when the agent starts. */
const mostRead = 5_000;

/**
 * Transfers that the agent writes, from their order to their end: a file for each. Of one that is
 * canceled while the agent is down, nobody else knows what lies where.
 */
export class UnfinishedTransfers {
  readonly #folder: string;
  readonly #known: Map<string, UnfinishedTransfer>;
  /** Of each transfer, what is done on disk for it: one thing after the other. */
  readonly #writing = new Map<string, Promise<void>>();

  private constructor(folder: string, known: Map<string, UnfinishedTransfer>) {
    this.#folder = folder;
    this.#known = known;
  }

  /** Reads what there was before; what cannot be read is let go. */
  static async open(folder: string): Promise<UnfinishedTransfers> {
    await mkdir(folder, { recursive: true });
    const known = new Map<string, UnfinishedTransfer>();
    for (const name of (await readdir(folder)).toSorted().slice(-mostRead)) {
      const path = join(folder, name);
      try {
        if (!name.endsWith('.json')) throw new Error('it was not written to its end');
        const kept = unfinishedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        known.set(kept.transferId, kept);
      } catch {
        await rm(path, { force: true });
      }
    }
    return new UnfinishedTransfers(folder, known);
  }

  /** Those that have not ended, as far as the agent knows. */
  all(): UnfinishedTransfer[] {
    return [...this.#known.values()];
  }

  /** One of them. */
  get(transferId: string): UnfinishedTransfer | undefined {
    return this.#known.get(transferId);
  }

  /** Writes down that a transfer begins; it need not be waited for. */
  note({ transferId, attempt, items, durable }: TransferOrder): void {
    const isWritten = this.#known.has(transferId);
    const kept = { transferId, attempt, items, durable };
    this.#known.set(transferId, kept);
    if (isWritten) return;
    const path = this.#pathOf(transferId);
    this.#then(transferId, async () => {
      await writeFile(`${path}.new`, JSON.stringify(kept));
      await rename(`${path}.new`, path);
    });
  }

  /** Nothing lies there any more, or all of it is whole. */
  forget(transferId: string): void {
    if (!this.#known.delete(transferId)) return;
    this.#then(transferId, () => rm(this.#pathOf(transferId), { force: true }));
  }

  /** Resolves when all is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  #pathOf(transferId: string): string {
    return join(this.#folder, `${transferId}.json`);
  }

  /** A full disk costs the cleaning up, and not the transfer. */
  #then(transferId: string, write: () => Promise<void>): void {
    const before = this.#writing.get(transferId) ?? Promise.resolve();
    const done = before.then(write).catch(() => undefined);
    this.#writing.set(transferId, done);
    void done.then(() => {
      if (this.#writing.get(transferId) === done) this.#writing.delete(transferId);
    });
  }
}
