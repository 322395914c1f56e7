import { text } from 'node:stream/consumers';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { connect } from '../connection/connect.ts';
import { plainUrl } from '../connection/find-connection.ts';
import { profilePath, writeProfile } from '../connection/profile.ts';
import type { GlobalOptions } from '../context.ts';
import { createOutput } from '../output/output.ts';

/** `login`: keeps an address and a token once the hub has accepted them. */
export async function signIn(address: string, given: GlobalOptions): Promise<void> {
  const url = plainUrl(address);
  const token = given.token ?? process.env['INTERPULSE_TOKEN'] ?? (await readToken());
  const me = await unwrap(connect({ url, token }).GET('/api/v1/me'));
  const path = profilePath();
  writeProfile(path, { url, token });
  createOutput(given.json ?? false).document(me, () => `signed in to ${url} as ${me.name}`);
}

/** The token from standard input, which keeps it out of the shell's history. */
async function readToken(): Promise<string> {
  if (process.stdin.isTTY) {
    const message = 'say --token TOKEN, or pipe it in: interpulse login URL < FILE';
    throw new DomainError('invalid', message);
  }
  const token = (await text(process.stdin)).trim();
  if (token !== '') return token;
  throw new DomainError('invalid', 'standard input holds no token; say --token TOKEN');
}
