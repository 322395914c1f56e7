import type { Answer } from '@interpulse/api/agent-messages/questions.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';

type Entry = Extract<Answer, { answer: 'folder' }>['entries'][number];

/** A file or folder in the words that definitions written for Globus read. */
export function globusEntry({ name, type, sizeBytes, modifiedAt }: Entry): JsonObject {
  return {
    DATA_TYPE: 'file',
    name,
    type: type === 'folder' ? 'dir' : type === 'file' ? 'file' : 'invalid_symlink',
    is_folder: type === 'folder',
    size: sizeBytes ?? 0,
    last_modified: modifiedAt,
  };
}
