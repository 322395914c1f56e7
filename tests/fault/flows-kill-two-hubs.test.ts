import { describe } from 'node:test';
import { killBusyFlows, serverBinaries } from './kill-busy-flows.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 3);
const skip = serverBinaries === undefined ? 'no PostgreSQL server in /usr/lib/postgresql' : false;

describe(`kill -9 of either of two hubs (INTERPULSE_SEED=${seed})`, { skip }, () => {
  killBusyFlows({ hubs: ['hub', 'hub-2'], rounds, shotsEach: 3, seed });
});
