import type { Answer } from '@interpulse/api/agent-messages/questions.ts';

/** What goes back to the hub. */
export interface DeskAnswer {
  message: Answer;
  attachment: Uint8Array | null;
}

/** Bytes beside one answer: a session message holds 2 MiB with everything. */
export const attachmentBytes = 2 * 1024 * 1024 - 4096;

/** A piece of a file; `sizeBytes` is that of the whole. */
export function bytesAnswer(attachment: Uint8Array, sizeBytes: number): DeskAnswer {
  return { message: { answer: 'bytes', sizeBytes }, attachment };
}
