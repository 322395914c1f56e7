import { describeEntity } from '@interpulse/formats/hdf5/describe-entity.ts';
import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import {
  readEntityAttributes,
  readEntityBytes,
  readEntityJson,
} from '@interpulse/formats/hdf5/read-entity-value.ts';
import { countFrames } from '@interpulse/formats/image-series/count-frames.ts';
import { DomainError } from '@interpulse/domain/error.ts';

/** What is asked of one HDF5 file; `file` is its absolute path. */
export type Hdf5Question =
  | { ask: 'hdf5Entity' | 'hdf5Attributes'; file: string; path: string }
  | {
      ask: 'hdf5Value';
      file: string;
      path: string;
      selection: string | null;
      format: 'json' | 'bin';
    }
  /** How many frames the file's series of images has; the value is a number. */
  | { ask: 'frames'; file: string };

/** Bytes for `bin`; for everything else a value that `JSON.stringify` takes. */
export type Hdf5Answer = { bytes: Uint8Array } | { value: unknown };

/** Content of one answer: a session message holds 2 MiB, and numbers are longer as text. */
const answerLimits = { bytes: 1_900_000, jsonBytes: 512 * 1024 };

/**
 * Answers one question about an HDF5 file; blocks its thread while the library reads.
 *
 * @throws DomainError `notFound`, `invalid`, `forbidden`, `exhausted`.
 */
export async function answerHdf5Question(question: Hdf5Question): Promise<Hdf5Answer> {
  const file = await openHdf5(question.file, { whileWritten: question.ask === 'frames' });
  try {
    if (question.ask === 'frames') return { value: countFrames(file) };
    refuseOtherFiles(file, question.path);
    if (question.ask === 'hdf5Entity') return { value: describeEntity(file, question.path) };
    if (question.ask !== 'hdf5Value') {
      return { value: readEntityAttributes(file, question.path) };
    }
    const { path, format } = question;
    const selection = question.selection ?? undefined;
    if (format === 'json') {
      return { value: { value: readEntityJson(file, path, selection, answerLimits.jsonBytes) } };
    }
    const { bytes } = readEntityBytes(file, path, selection, answerLimits.bytes);
    return { bytes: Uint8Array.from(bytes) };
  } finally {
    file.close();
  }
}

/** A link into another file could lead out of the collection. */
function refuseOtherFiles(file: Hdf5File, path: string): void {
  const parts = path.split('/').filter((part) => part !== '');
  for (let count = 1; count < parts.length; count += 1) {
    const above = `/${parts.slice(0, count).join('/')}`;
    if (file.kind(above) !== 'externalLink') continue;
    throw new DomainError('invalid', `${above} is a link into another file; open that file itself`);
  }
}
