import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Dataset } from 'h5wasm/node';
import { loadHdf5 } from './hdf5-library.ts';

/**
 * A NeXus file of the newest format without frames: `/entry/data/data`, uint16[0, 8, 8], which may
 * grow. Our own writer makes the older formats only, in which nobody may read meanwhile.
 */
const emptyFile =
  'H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1DAIAHhG0DFHTs72f09XIKYGCoEBBgYzBghwkZQaS4mBqCIqBADC8II' +
  'GOCxZGBgZuBgEAFJpqSmJZbmlDBIMjIyAM0BY4hZHAxMQJIVwgQDsDg73Gk8z1MWIjkhA+qEaBQngGTcmCAihjCN' +
  'ViAHcEIc4BcRn5yTWFyM0wXsSC5gQmKDQ8dmUq2/s4c3kxByWMEAmwDIJNbUvJKiys1QHSkB24Rx6yApaFiQHMMM' +
  'xGVbZz1FCo9yqK+jMMLjLjMl4cGGZC0LWnhUcJrkgXyHPeLZ+EEmsaQkliQehkaWv/TcNDzBYQFyGDvEYcWZ6XmJ' +
  'OUSFBijR9LO8+QQODUYGRkYTYNQxMzLCnMmBRsPsQxdn5mFgFIBFO9BGVmAQMnNziANtY2JgYWTk4GBiUWBhEeCC' +
  '55LJDIMRLGFZ3EpUtFyEppkTVn+sGEbBKBgFIwi4O/v7MDJAy1Z48Qqtg4EAXJHBi0NEVewXAZGBViuQohhU1wFL' +
  'FGQ+G1w9RIYVh3p4bcI/GiejYBSMglEwCkbBKBgFo2AUjIJRMApGAbUBAAWph0gAGAAA';

/** A file that is written while others read it. */
export interface GrowingFile {
  /** Adds frames, and lets readers see them. */
  add(frames: number): void;
  close(): void;
}

/** Begins a file as a detector's software does that lets others read meanwhile (SWMR). */
export async function growHdf5(path: string): Promise<GrowingFile> {
  writeFileSync(path, gunzipSync(Buffer.from(emptyFile, 'base64')));
  const library = await loadHdf5();
  const module = (await library.ready) as unknown as Record<string, number>;
  // The library's own mode for it leaves out that the file is written.
  module['writeShared'] = (module['H5F_ACC_RDWR'] ?? 0) | (module['H5F_ACC_SWMR_WRITE'] ?? 0);
  Object.assign(library.ACCESS_MODES, { writeShared: 'writeShared' });
  const file = new library.File(path, 'writeShared' as 'Sw');
  const data = file.get('/entry/data/data') as Dataset;
  return {
    add(frames) {
      const before = data.shape?.[0] ?? 0;
      data.resize([before + frames, 8, 8]);
      const values = new Uint16Array(frames * 64).fill(before);
      data.write_slice([[before, before + frames], [], []], values);
      file.flush();
    },
    close: () => void file.close(),
  };
}
