import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resourcesSchema } from './app/app.ts';
import { jobRequestSchema } from './job/job.ts';
import { poolSchema } from './site/site.ts';
import { withoutDefaults } from './without-defaults.ts';

describe('changes without defaults', () => {
  it('leave out what was left out', () => {
    assert.deepEqual(withoutDefaults(poolSchema).parse({ minWarm: 2 }), { minWarm: 2 });
    assert.deepEqual(withoutDefaults(resourcesSchema).parse({}), {});
    assert.deepEqual(jobRequestSchema.parse({ app: 'x' }).resources, {});
  });

  it('still check what is there, and refuse what is unknown', () => {
    assert.throws(() => withoutDefaults(poolSchema).parse({ minWarm: -1 }));
    assert.throws(() => withoutDefaults(poolSchema).parse({ warm: 1 }));
  });
});
