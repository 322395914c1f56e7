/** The first digits of a digest, enough to tell two apart at a look. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
