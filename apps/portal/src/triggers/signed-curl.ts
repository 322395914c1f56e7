/** Lines of a shell that post one delivery to a webhook, signed as the hub wants it. */
export function signedCurl(url: string, secret: string, signs: 'delivery' | 'body'): string {
  const sign = `openssl dgst -sha256 -hmac '${secret}' -r | cut -d' ' -f1`;
  const head = [`curl ${url} -d "$BODY" -H 'content-type: application/json'`];
  if (signs === 'body') {
    return [
      `BODY='{"sample":"gold"}'`,
      `SIGNATURE=$(printf '%s' "$BODY" | ${sign})`,
      ...head.map((line) => `${line} \\`),
      `  -H "X-Hub-Signature-256: sha256=$SIGNATURE"`,
    ].join('\n');
  }
  return [
    `BODY='{"sample":"gold"}' NOW=$(date +%s) ID=$(uuidgen)`,
    `SIGNATURE=$(printf '%s.%s.%s' "$NOW" "$ID" "$BODY" | ${sign})`,
    ...head.map((line) => `${line} \\`),
    `  -H "X-Interpulse-Timestamp: $NOW" -H "X-Interpulse-Delivery: $ID" \\`,
    `  -H "X-Hub-Signature-256: sha256=$SIGNATURE"`,
  ].join('\n');
}
