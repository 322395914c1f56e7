import type { FastifyReply } from 'fastify';
import { baseName, type Location } from '@interpulse/domain/location.ts';

/** Answers with a file as one to be saved, under its name. */
export async function sendFile(
  reply: FastifyReply,
  location: Location,
  bytes: Buffer,
): Promise<undefined> {
  const name = encodeURIComponent(baseName(location));
  await reply
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
    .send(bytes);
}
