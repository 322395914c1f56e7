import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { askProvider } from './ask-provider.ts';
import type { ProviderConfig } from './provider-config.ts';
import { providerLimits } from './provider-limits.ts';

/** Finds what opens a provider. */
export type ProviderTokens = (
  config: ProviderConfig,
  signal: AbortSignal,
) => Promise<Record<string, string>>;

/** A token of an OAuth server is taken anew so long before its end, in seconds. */
const renewSeconds = 60;

/** Tokens from the configuration, files (read anew each time), and OAuth servers (kept). */
export function createProviderTokens(folder: string): ProviderTokens {
  const kept = new Map<ProviderConfig, { token: string; until: number }>();
  const fileText = async (path: string, what: string): Promise<string> => {
    try {
      return (await readFile(resolve(folder, path), 'utf8')).trim();
    } catch (cause) {
      const message = `the hub cannot read the ${what} for a provider; its administrator must see`;
      throw new DomainError('unavailable', `${message} to ${path}`, { cause });
    }
  };
  const fromServer = async (config: ProviderConfig, signal: AbortSignal): Promise<string> => {
    const { oauth } = config;
    if (oauth === undefined) return '';
    const known = kept.get(config);
    if (known !== undefined && known.until > performance.now()) return known.token;
    const secret = await fileText(oauth.clientSecretFile, 'client secret');
    const basic = Buffer.from(
      `${encodeURIComponent(oauth.clientId)}:${encodeURIComponent(secret)}`,
    ).toString('base64');
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (oauth.scope !== undefined) form.set('scope', oauth.scope);
    const { status, json, words } = await askProvider({
      method: 'POST',
      url: oauth.tokenUrl,
      headers: { authorization: `Basic ${basic}` },
      form: form.toString(),
      seconds: providerLimits.answerSeconds,
      signal,
    });
    const token = json?.['access_token'];
    if (status !== 200 || typeof token !== 'string') {
      const message = `no token for ${config.url} from ${oauth.tokenUrl}: ${status} ${words}`;
      throw new DomainError('unavailable', message);
    }
    const life = typeof json?.['expires_in'] === 'number' ? json['expires_in'] : 0;
    kept.set(config, { token, until: performance.now() + (life - renewSeconds) * 1000 });
    return token;
  };
  return async (config, signal) => {
    const { token, tokenFile, oauth } = config;
    if (token !== undefined) return { authorization: `Bearer ${token}` };
    if (tokenFile !== undefined) {
      return { authorization: `Bearer ${await fileText(tokenFile, 'token')}` };
    }
    return oauth ? { authorization: `Bearer ${await fromServer(config, signal)}` } : {};
  };
}
