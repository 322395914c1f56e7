import { xxh3 } from '@node-rs/xxhash';

/**
 * The streaming class runs at 20 GB/s and more; the binding's one-shot functions, the only ones
 * with 128 bits, at 2.2 GB/s, which would halve the channel. Hence 64 bits.
 */
const scratch = xxh3.Xxh3.withSeed();

/** xxh3 of some bytes, 64 bits. Against accidents, not against an adversary: that is TLS's work. */
export function digestOf(bytes: Uint8Array): bigint {
  scratch.reset();
  return scratch.update(bytes).digest();
}

/** xxh3 of bytes that come in pieces, in order. */
export class FileDigest {
  readonly #state = xxh3.Xxh3.withSeed();

  /** Adds the next bytes. */
  update(bytes: Uint8Array): void {
    this.#state.update(bytes);
  }

  /** The digest of everything so far. */
  value(): bigint {
    return this.#state.digest();
  }
}

/** A digest as people and manifests see it: 16 lower-case hex digits, as `xxhsum -H3` prints. */
export function digestText(digest: bigint): string {
  return digest.toString(16).padStart(16, '0');
}
