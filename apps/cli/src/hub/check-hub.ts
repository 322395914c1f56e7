import { unwrap, type InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { connect } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import { findConnection } from '../connection/find-connection.ts';
import { profilePath } from '../connection/profile.ts';
import type { GlobalOptions } from '../context.ts';
import type { DoctorOptions, Finding } from './doctor.ts';

/** Leases and tokens are timed by clocks: more than this between two machines is a fault. */
const clockSkewSeconds = 5;

/** What the hub says: reachable, token, clocks, agents. Stops at the first that is wrong. */
export async function checkHub(given: GlobalOptions, options: DoctorOptions): Promise<Finding[]> {
  let connection: Connection;
  try {
    connection = findConnection(given, {
      environment: process.env,
      profilePath: profilePath(),
      dataFolder: options.folder,
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const mend = 'interpulse up, or interpulse login URL --token TOKEN';
    return [{ name: 'hub', ok: false, detail: 'no hub is known', mend }];
  }
  const client = connect(connection);
  const findings: Finding[] = [];
  for (const check of [checkReachable, checkToken, checkAgents]) {
    const found = await check(client, connection);
    findings.push(...found);
    if (found.some(({ ok }) => !ok)) break;
  }
  return findings;
}

async function checkReachable(client: InterpulseClient, hub: Connection): Promise<Finding[]> {
  const before = Date.now();
  try {
    const health = await unwrap(client.GET('/api/v1/health'));
    const middle = (before + Date.now()) / 2;
    const skew = (Date.parse(health.now) - middle) / 1000;
    const isRight = Math.abs(skew) <= clockSkewSeconds;
    return [
      { name: 'hub', ok: true, detail: `${hub.url}, version ${health.version}`, mend: '' },
      {
        name: 'clock',
        ok: isRight,
        detail: `the hub's clock differs by ${skew.toFixed(2)} s`,
        mend: isRight ? '' : 'let both machines follow a time server (timedatectl set-ntp true)',
      },
    ];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const mend = `start it (interpulse up), or name another; this one is from ${hub.source}`;
    return [{ name: 'hub', ok: false, detail, mend }];
  }
}

async function checkToken(client: InterpulseClient, hub: Connection): Promise<Finding[]> {
  try {
    const me = await unwrap(client.GET('/api/v1/me'));
    const projects = Object.keys(me.projects).join(', ') || 'none';
    return [{ name: 'token', ok: true, detail: `${me.name}; projects: ${projects}`, mend: '' }];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      { name: 'token', ok: false, detail, mend: `interpulse login ${hub.url} --token TOKEN` },
    ];
  }
}

async function checkAgents(client: InterpulseClient): Promise<Finding[]> {
  const { items } = await unwrap(client.GET('/api/v1/sites', { params: { query: {} } }));
  if (items.length === 0) {
    return [{ name: 'agents', ok: false, detail: 'no sites', mend: 'interpulse site add NAME' }];
  }
  return items.map((site) => {
    const isUp = site.status !== 'silent';
    const why = site.statusReason === null ? '' : `: ${site.statusReason}`;
    return {
      name: `agent ${site.name}`,
      ok: isUp,
      detail: `${site.status}${why}`,
      mend: isUp ? '' : `look after it at ${site.name}: interpulse agent --config FILE`,
    };
  });
}
