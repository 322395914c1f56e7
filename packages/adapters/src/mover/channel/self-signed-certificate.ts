import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A key and its certificate, PEM, and the fingerprint by which the other end knows it. */
export interface SelfSignedCertificate {
  key: string;
  cert: string;
  fingerprint: string;
}

function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const short = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | short.length]), short, body]);
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);

/** UTCTime, as RFC 5280 wants it before 2050; GeneralizedTime from then on. */
function time(instant: Date): Buffer {
  const digits = instant.toISOString().replaceAll(/[:T\-]|\.\d+/gv, '');
  return instant.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}

/** OBJECT IDENTIFIER 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
const ecdsaWithSha256 = sequence(
  Buffer.from([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
);
/** OBJECT IDENTIFIER 2.5.4.3, commonName. */
const commonNameId = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]);

/**
 * A P-256 certificate for a listener (X.509 v3, RFC 5280, no extensions), trusted by its
 * fingerprint alone. Make a new one whenever the agent starts.
 */
export function createSelfSignedCertificate(
  commonName: string,
  validSeconds: number,
): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const name = sequence(
    der(0x31, sequence(commonNameId, der(0x0c, Buffer.from(commonName.slice(0, 64))))),
  );
  // An hour back: the other end's clock may be behind.
  const now = Date.now();
  const validity = sequence(
    time(new Date(now - 3_600_000)),
    time(new Date(now + validSeconds * 1000)),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const certificate = new X509Certificate(whole);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate.toString(),
    fingerprint: certificate.fingerprint256,
  };
}
