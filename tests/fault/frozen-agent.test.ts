import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { allAnswered, checkAnswers } from './check-answers.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

/**
 * Works on until the file `go` of the facility is there, then answers; the site it ran at is told
 * apart by its scratch folder.
 */
const script = (go: string) =>
  `read text < "$1"; until [ -e ${go} ] || [ "\${PWD#*alpha-scratch}" = "$PWD" ]; ` +
  'do sleep 0.2; done; echo "answer to $text" > result.txt';

describe('an agent that is stopped (SIGSTOP) for longer than a site may be silent', () => {
  let small: SmallFacility;
  let jobId = '';

  const theJob = async () => {
    const { client } = small.facility;
    const params = { path: { jobId } };
    return unwrap(client.GET('/api/v1/jobs/{jobId}', { params }));
  };
  /** Processes of the job's own command at alpha. */
  const atAlpha = () =>
    findProcesses(small.facility.folder).filter(
      ({ command }) => command.startsWith('sh -c') && command.includes('alpha-scratch'),
    );

  before(async () => {
    // No such file: at alpha it works for ever.
    small = await startSmallFacility({ script: script('/nonexistent/go') });
  });
  after(async () => {
    small?.facility.children.get('alpha')?.signal('SIGCONT');
    await small?.facility.stop();
    await rm(small.facility.folder, { recursive: true, force: true });
  });

  it('has its work placed at the other site', async () => {
    const { client } = small.facility;
    const closed = { params: { path: { site: 'beta' } } };
    await unwrap(
      client.PATCH('/api/v1/sites/{site}', { ...closed, body: { closed: true, reason: 'later' } }),
    );
    await small.takeShot(1);
    const job = await until('the job at work at alpha', 40, async () => {
      const query = { state: 'active', limit: 10 };
      const { items } = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
      return items.find(({ siteName }) => siteName === 'alpha');
    });
    jobId = job.id;
    await until('its process', 15, async () => atAlpha().length > 0);
    await unwrap(client.PATCH('/api/v1/sites/{site}', { ...closed, body: { closed: false } }));
    small.facility.children.get('alpha')?.signal('SIGSTOP');
    await allAnswered(small, 1, 60);
    const { job: done, attempts } = await theJob();
    assert.equal(done.siteName, 'beta');
    assert.deepEqual(
      attempts.map(({ siteName, outcome }) => [siteName, outcome]),
      [
        ['alpha', 'lost'],
        ['beta', 'completed'],
      ],
    );
    assert.match(attempts[0]?.reason ?? '', /not heard of for \d+ s/);
    const site = await unwrap(
      client.GET('/api/v1/sites/{site}', { params: { path: { site: 'alpha' } } }),
    );
    assert.equal(site.status, 'silent');
  });

  it('ends its own processes of lost attempts when it is back, and publishes nothing', async () => {
    small.facility.children.get('alpha')?.signal('SIGCONT');
    await until('the end of the lost attempt', 20, async () => atAlpha().length === 0);
    const { client } = small.facility;
    await until('alpha to be up', 20, async () => {
      const path = { site: 'alpha' };
      return (
        (await unwrap(client.GET('/api/v1/sites/{site}', { params: { path } }))).status === 'up'
      );
    });
    await checkAnswers(small, 1);
    assert.equal((await theJob()).attempts.length, 2);
  });
});
