import { X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  createChannelListener,
  type ChannelListener,
} from '@interpulse/adapters/mover/channel/channel-listener.ts';
import { createSelfSignedCertificate } from '@interpulse/adapters/mover/channel/self-signed-certificate.ts';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentConfig } from '../config/agent-config.ts';

const yearSeconds = 365 * 86_400;
const renewBeforeMs = 30 * 86_400_000;

/** The port where other agents bring or fetch files, and how they reach it. */
export interface OpenChannel {
  listener: ChannelListener;
  offer: NonNullable<AgentState['channel']>;
}

/** Listens as configured; null without a channel. @throws DomainError `unavailable`. */
export async function openChannel(config: AgentConfig): Promise<OpenChannel | null> {
  const { channel } = config;
  if (channel === null) return null;
  const { host, port, advertise, tls } = channel;
  const listener = await createChannelListener({
    host,
    port,
    ...(tls ? { tls: await certificateOf(config.folder) } : {}),
  });
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const name = advertise ?? (isEverywhere ? hostname() : host);
  return {
    listener,
    offer: { host: name, port: listener.port, fingerprint: listener.fingerprint },
  };
}

/** The certificate of this agent, kept so that its fingerprint stays the same. */
async function certificateOf(folder: string): Promise<{ key: string; cert: string }> {
  const path = join(folder, 'channel-certificate.json');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) {
    const kept = JSON.parse(known) as { key: string; cert: string };
    const endsMs = Date.parse(new X509Certificate(kept.cert).validTo);
    if (endsMs - Date.now() > renewBeforeMs) return kept;
  }
  const made = createSelfSignedCertificate('interpulse-agent', yearSeconds);
  await writeFile(`${path}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;
}
