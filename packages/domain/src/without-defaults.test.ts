import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resourcesSchema } from './app/app.ts';
import { jobRequestSchema } from './job/job.ts';
import { poolSettingsSchema } from './site/site.ts';
import { withoutDefaults } from './without-defaults.ts';

describe('changes without defaults', () => {
  it('leave out what was left out', () => {
    assert.deepEqual(withoutDefaults(poolSettingsSchema).parse({ minWarm: 2 }), { minWarm: 2 });
    assert.deepEqual(withoutDefaults(resourcesSchema).parse({}), {});
    assert.deepEqual(jobRequestSchema.parse({ app: 'x' }).resources, {});
  });

  it('still check what is there, and refuse what is unknown', () => {
    assert.throws(() => withoutDefaults(poolSettingsSchema).parse({ minWarm: -1 }));
    assert.throws(() => withoutDefaults(poolSettingsSchema).parse({ warm: 1 }));
  });
});
