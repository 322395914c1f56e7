import { hostname, release, type, userInfo } from 'node:os';
import type { PilotId } from '@interpulse/domain/id.ts';
import manifest from '../package.json' with { type: 'json' };

/** What every report of a pilot carries. */
export interface OwnFacts {
  pilotId: PilotId;
  host: string;
  /** The account that tasks run under. */
  user: string | null;
  versions: Readonly<Record<string, string>>;
}

/** What a pilot says of itself and of the machine that it runs on. */
export function ownFacts(pilotId: PilotId, host: string | undefined): OwnFacts {
  return {
    pilotId,
    host: host ?? hostname(),
    user: userName(),
    versions: {
      interpulse: manifest.version,
      node: process.versions.node,
      os: `${type()} ${release()}`,
    },
  };
}

/** An account that no list of users knows has a number only. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? null : String(process.getuid());
  }
}
