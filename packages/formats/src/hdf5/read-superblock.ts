/** What the beginning of an HDF5 file says of its state. */
export interface Superblock {
  version: number;
  /**
   * Whether a writer has the file open, by the file consistency flags: set while it is open for
   * writing, cleared when it is closed. Null for versions before 3, which do not keep them.
   */
  isOpenForWriting: boolean | null;
  /** Whether it is open for one writer and many readers. */
  isSwmr: boolean;
  /** Bytes that the file has when it is complete, from its beginning. */
  endOfFileBytes: number | null;
}

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Bytes at the beginning of a file in which {@link readSuperblock} looks. */
export const superblockBytes = 8192;

/**
 * Reads the superblock out of the first bytes of a file; null when there is none (yet). By the HDF5
 * file format specification, version 3.0, section II.A. It lies at 0, 512, 1024 and so on, doubled.
 */
export function readSuperblock(head: Buffer): Superblock | null {
  for (let start = 0; start + 12 <= head.length; start = start === 0 ? 512 : start * 2) {
    if (!head.subarray(start, start + 8).equals(signature)) continue;
    const version = head[start + 8] ?? 255;
    if (version <= 1) return oldSuperblock(head.subarray(start), version);
    if (version <= 3) return newSuperblock(head.subarray(start), version);
    return null;
  }
  return null;
}

/** Versions 0 and 1: addresses follow the sizes of the groups' parts. */
function oldSuperblock(block: Buffer, version: number): Superblock {
  const sizeBytes = block[13] ?? 8;
  const addresses = version === 0 ? 24 : 28;
  // Base address, free space, end of file.
  const endOfFileBytes = readAddress(block, addresses + 2 * sizeBytes, sizeBytes);
  return { version, isOpenForWriting: null, isSwmr: false, endOfFileBytes };
}

/** Versions 2 and 3: base address, superblock extension, end of file. */
function newSuperblock(block: Buffer, version: number): Superblock {
  const sizeBytes = block[9] ?? 8;
  const flags = block[11] ?? 0;
  const endOfFileBytes = readAddress(block, 12 + 2 * sizeBytes, sizeBytes);
  return {
    version,
    isOpenForWriting: version === 3 ? (flags & 1) === 1 : null,
    isSwmr: version === 3 && (flags & 4) === 4,
    endOfFileBytes,
  };
}

/** An address that is all ones is none. */
function readAddress(block: Buffer, at: number, sizeBytes: number): number | null {
  if (![2, 4, 8].includes(sizeBytes) || at + sizeBytes > block.length) return null;
  const bytes = block.subarray(at, at + sizeBytes);
  if (bytes.every((byte) => byte === 0xff)) return null;
  return sizeBytes === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, sizeBytes);
}
