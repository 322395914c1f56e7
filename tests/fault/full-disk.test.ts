import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const diskBytes = 4 * 1024 ** 2;
/** Shot 2 makes more than there is room for. */
const script =
  `read text < "$1"; if [ "$text" = "shot 2" ]; then head -c ${2 * diskBytes} /dev/zero > filler ` +
  '|| exit 1; fi; echo "answer to $text" > result.txt';
const skip = whyNoMounts();

describe('a site whose scratch is full', { skip }, () => {
  const disk = mkdtempSync(join(tmpdir(), 'ip-disk-'));
  const filler = join(disk, 'filler');
  let small: SmallFacility;

  before(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', disk]);
    small = await startSmallFacility({ alphaScratch: disk, script });
    // Only alpha is left; with beta open its work would go there.
    const params = { path: { site: 'beta' } };
    const body = { closed: true, reason: 'to have alpha alone' };
    await unwrap(small.facility.client.PATCH('/api/v1/sites/{site}', { params, body }));
  });
  after(async () => {
    await small?.facility.stop();
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  const runOf = async (shot: number) => {
    const query = { limit: 10 };
    const { client } = small.facility;
    const { items } = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
    return items.find(({ shotNumber }) => shotNumber === shot);
  };
  const jobOf = async (shot: number) => {
    const flowRun = (await runOf(shot))?.id;
    if (flowRun === undefined) return undefined;
    const query = { flowRun };
    const { client } = small.facility;
    return (await unwrap(client.GET('/api/v1/jobs', { params: { query } }))).items[0];
  };
  const succeeded = (shot: number) =>
    until(`the answer to shot ${shot}`, 40, async () => {
      const run = await runOf(shot);
      return run?.endedAt != null && run;
    });

  it('a job whose input finds no room says what is in the way, and where', async () => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    await small.takeShot(1);
    const why = await until('the reason', 30, async () => {
      const jobId = (await jobOf(1))?.id ?? '';
      const params = { path: { jobId } };
      const { client } = small.facility;
      const told = await unwrap(client.GET('/api/v1/jobs/{jobId}/explain', { params }));
      return told.summary.includes('no space left') && told;
    });
    assert.match(why.summary, /from raw-data to alpha-scratch yet: writing jobs\/.*no space left/);
    assert.match(why.unblock ?? '', /tried again/);
  });

  it('goes on by itself when there is room again', async () => {
    rmSync(filler);
    const run = await succeeded(1);
    assert.equal(run.status, 'SUCCEEDED', run.reason ?? '');
  });

  it('a job that fills the disk fails, and its flow run says what it said', async () => {
    await small.takeShot(2);
    const run = await succeeded(2);
    assert.equal(run.status, 'FAILED');
    assert.match(
      run.reason ?? '',
      /exited with code 1.*; no space is left in .*ip-disk-\w+\/jobs\/job_/,
    );
    const job = await jobOf(2);
    assert.equal(job?.siteName, 'alpha');
    assert.equal(job.state, 'failed');
  });

  it('the hub and the site answer the next shot', async () => {
    for (const path of globSync(join(disk, 'jobs', '*', '*', 'filler'))) rmSync(path);
    await small.takeShot(3);
    const run = await succeeded(3);
    assert.equal(run.status, 'SUCCEEDED', run.reason ?? '');
  });
});

function whyNoMounts(): string | false {
  if (process.platform !== 'linux') return 'tmpfs is of Linux';
  if (process.getuid?.() !== 0) return 'only root mounts a small disk';
  const folder = mkdtempSync(join(tmpdir(), 'ip-try-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    execFileSync('umount', [folder], { stdio: 'pipe' });
    return false;
  } catch (error) {
    return `no small disk can be mounted here: ${String(error).split('\n')[0]}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
