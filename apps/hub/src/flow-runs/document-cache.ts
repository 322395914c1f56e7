import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Hub } from '../hub.ts';

/** State documents of all flow runs that are kept, together, in bytes of JSON. */
const mostBytes = 64 * 1024 * 1024;

/** A state document as a revision of its flow run wrote it. */
export interface KnownDocument {
  revision: number;
  data: JsonObject;
  sizeBytes: number;
}

/**
 * State documents of flow runs under way as they were last committed or read: a step that does not
 * change the document need not read it again, be it of megabytes. The row says which revision
 * wrote the document, so what is known here is never taken for newer than it is.
 */
export class DocumentCache {
  /** The one used last is the last. */
  readonly #known = new Map<string, KnownDocument>();
  #bytes = 0;

  get(flowRunId: string): KnownDocument | undefined {
    const known = this.#known.get(flowRunId);
    if (known === undefined) return undefined;
    this.#known.delete(flowRunId);
    this.#known.set(flowRunId, known);
    return known;
  }

  put(flowRunId: string, document: KnownDocument): void {
    this.drop(flowRunId);
    this.#known.set(flowRunId, document);
    this.#bytes += document.sizeBytes;
    for (const oldest of this.#known.keys()) {
      if (this.#bytes <= mostBytes) break;
      this.drop(oldest);
    }
  }

  drop(flowRunId: string): void {
    this.#bytes -= this.#known.get(flowRunId)?.sizeBytes ?? 0;
    this.#known.delete(flowRunId);
  }
}

const caches = new WeakMap<Hub, DocumentCache>();

/** The documents that a hub knows. */
export function documentsOf(hub: Hub): DocumentCache {
  const known = caches.get(hub) ?? new DocumentCache();
  caches.set(hub, known);
  return known;
}
