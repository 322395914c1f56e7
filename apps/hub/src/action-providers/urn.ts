import { createHash } from 'node:crypto';

/** A user of this hub in the words of the contract, whose ids are UUIDs. */
export function identityUrn(userId: string): string {
  return `urn:globus:auth:identity:${uuidOf(userId)}`;
}

/** The members of a project, as a group of the contract. */
export function projectUrn(project: string): string {
  return `urn:globus:groups:id:${uuidOf(`project ${project}`)}`;
}

/** Always the same UUID for a name (RFC 9562, version 8). */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`interpulse ${name}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
