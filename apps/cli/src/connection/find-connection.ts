import { DomainError } from '@interpulse/domain/error.ts';
import type { GlobalOptions } from '../context.ts';
import type { Connection } from './connection.ts';
import { defaultDataFolder, readLocalHub } from './local-hub.ts';
import { profilePath, readProfile } from './profile.ts';

/** Where a hub may be named. */
export interface Surroundings {
  environment: Record<string, string | undefined>;
  profilePath: string;
  dataFolder: string;
}

interface Candidate {
  url: string | undefined;
  token: string | undefined;
  source: string;
}

/**
 * Finds the hub and the token: flags, then INTERPULSE_URL and INTERPULSE_TOKEN, then the profile
 * that `login` wrote, then `./interpulse-data`. A token that was found with an address is only
 * ever sent to that address.
 * @throws DomainError invalid, when no hub is named anywhere.
 */
export function findConnection(
  given: GlobalOptions,
  surroundings: Surroundings = {
    environment: process.env,
    profilePath: profilePath(),
    dataFolder: defaultDataFolder,
  },
): Connection {
  const { environment } = surroundings;
  const candidates: Candidate[] = [
    { url: given.hub, token: given.token, source: '--hub' },
    {
      url: environment['INTERPULSE_URL'] || undefined,
      token: environment['INTERPULSE_TOKEN'] || undefined,
      source: 'INTERPULSE_URL',
    },
  ];
  if (candidates.every(({ url }) => url === undefined) || given.token === undefined) {
    candidates.push(...stored(surroundings));
  }
  const named = candidates.find(({ url }) => url !== undefined);
  if (named?.url === undefined) {
    const message =
      'no hub is known: start one with `interpulse up`, ' +
      'or name one with `interpulse login URL --token TOKEN`, --hub or INTERPULSE_URL';
    throw new DomainError('invalid', message);
  }
  const url = plainUrl(named.url);
  const spoken = candidates.slice(0, 2).find(({ token }) => token !== undefined);
  const kept = candidates
    .slice(2)
    .find((each) => each.token !== undefined && each.url && plainUrl(each.url) === url);
  return { url, token: (spoken ?? kept)?.token, source: named.source };
}

function stored(surroundings: Surroundings): Candidate[] {
  const profile = readProfile(surroundings.profilePath);
  const local = readLocalHub(surroundings.dataFolder);
  return [
    { url: profile?.url, token: profile?.token, source: surroundings.profilePath },
    { url: local?.url, token: local?.token, source: surroundings.dataFolder },
  ];
}

/** An address without the slash at its end. @throws DomainError invalid. */
export function plainUrl(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DomainError('invalid', `"${text}" is not an address; write https://HOST`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
