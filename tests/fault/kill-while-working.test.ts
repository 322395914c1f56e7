import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { allAnswered, checkAnswers } from './check-answers.ts';
import { killAndRestart, victims } from './kill-and-restart.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 10);

describe(`kill -9 of anything, at any moment of the main job (INTERPULSE_SEED=${seed})`, () => {
  let small: SmallFacility;
  before(async () => {
    small = await startSmallFacility();
  });
  after(async () => {
    await small.facility.stop();
    await rm(small.facility.folder, { recursive: true, force: true });
  });

  it('publishes the answer to every shot exactly once, and gives it back whole', async () => {
    const random = randomFromSeed(seed);
    for (let shot = 1; shot <= rounds; shot += 1) {
      await small.takeShot(shot);
      await pause(random() * 1500);
      // Every victim has its turn, in an order and at moments that the seed decides.
      const victim = victims[(shot + seed) % victims.length] ?? 'hub';
      console.log(`shot ${shot}: kill -9 ${victim}`);
      await killAndRestart(small.facility, victim, random);
      await pause(random() * 500);
    }
    await allAnswered(small, rounds, 90);
    await checkAnswers(small, rounds);
  });

  it('leaves no process behind', async () => {
    await small.facility.stop();
    const { folder } = small.facility;
    await until('all processes to end', 20, async () => findProcesses(folder).length === 0).catch(
      () => assert.deepEqual(findProcesses(folder), []),
    );
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
