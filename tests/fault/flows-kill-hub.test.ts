import { describe } from 'node:test';
import { killBusyFlows } from './kill-busy-flows.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 3);

describe(`kill -9 of the hub while flow runs wait (INTERPULSE_SEED=${seed})`, () => {
  killBusyFlows({ hubs: ['hub'], rounds, shotsEach: 4, seed });
});
