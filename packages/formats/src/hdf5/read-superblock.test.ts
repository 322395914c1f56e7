import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSuperblock } from './read-superblock.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** A superblock of version 2 or 3, as the library writes it. */
function newBlock(version: number, flags: number, endOfFile: number): Buffer {
  const block = Buffer.alloc(48, 0xff);
  Buffer.from([...signature, version, 8, 8, flags]).copy(block);
  block.writeBigUInt64LE(BigInt(endOfFile), 28);
  return block;
}

/** One of version 0: sizes, then base, free space, end of file. */
function oldBlock(endOfFile: number): Buffer {
  const block = Buffer.alloc(96, 0xff);
  Buffer.from([...signature, 0, 0, 0, 0, 0, 8, 8, 0]).copy(block);
  block.writeBigUInt64LE(BigInt(endOfFile), 40);
  return block;
}

describe('the superblock of an HDF5 file', () => {
  test('says from version 3 on whether a writer has it open', () => {
    const read = (flags: number) => readSuperblock(newBlock(3, flags, 1000));
    assert.deepEqual(read(0), {
      version: 3,
      isOpenForWriting: false,
      isSwmr: false,
      endOfFileBytes: 1000,
    });
    assert.deepEqual([read(1)?.isOpenForWriting, read(1)?.isSwmr], [true, false]);
    assert.deepEqual([read(5)?.isOpenForWriting, read(5)?.isSwmr], [true, true]);
    assert.equal(readSuperblock(newBlock(2, 1, 1000))?.isOpenForWriting, null);
  });

  test('says how long the file is, in old versions too, and behind a user block', () => {
    assert.equal(readSuperblock(oldBlock(44_536))?.endOfFileBytes, 44_536);
    for (const start of [512, 1024, 2048]) {
      const file = Buffer.concat([Buffer.alloc(start), oldBlock(10_560)]);
      assert.equal(readSuperblock(file)?.endOfFileBytes, 10_560);
    }
  });

  test('is not found in what is none, or is cut off', () => {
    assert.equal(readSuperblock(Buffer.alloc(0)), null);
    assert.equal(readSuperblock(Buffer.from('text, and not HDF5 at all, whatever it says')), null);
    assert.equal(readSuperblock(newBlock(9, 0, 1)), null);
    assert.equal(readSuperblock(oldBlock(1).subarray(0, 30))?.endOfFileBytes, null);
  });
});
