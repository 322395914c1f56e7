import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { domainImports, domainPurity } from './domain-purity.ts';
import { doorsOf, floors, roomOrder } from './floors.ts';
import { complaints } from './sample.ts';
import { sqlRoom } from './sql-room.ts';

describe('the floors', () => {
  test('every door leads from a room to one below it', () => {
    for (const [height, room] of roomOrder.entries()) {
      for (const target of doorsOf(room)) {
        assert.ok(roomOrder.indexOf(target) < height, `${room} -> ${target}`);
      }
    }
  });

  test('apps have no door to apps, and the agent has none to the store', () => {
    const apps = ['hub', 'agent', 'pilot', 'cli', 'portal'];
    for (const app of apps) {
      assert.deepEqual(
        doorsOf(app).filter((room) => apps.includes(room)),
        [],
      );
    }
    assert.ok(!doorsOf('agent').includes('store'));
  });

  const refused = [
    ['packages/domain/src/a.ts', `import { x } from '@interpulse/store/x.ts';`],
    ['packages/store/src/a.ts', `import type { X } from '@interpulse/adapters/x.ts';`],
    ['packages/api/src/a.ts', `export { x } from '@interpulse/store/x.ts';`],
    ['packages/api/src/a.ts', `type X = import('@interpulse/hub/x.ts').X;`],
    ['packages/api/src/a.ts', `const x = await import('@interpulse/hub/x.ts');`],
    ['apps/agent/src/a.ts', `import { x } from '@interpulse/store/x.ts';`],
    ['apps/cli/src/a.ts', `import { x } from '@interpulse/hub/x.ts';`],
    ['apps/hub/src/a.ts', `import { x } from '@interpulse/testing/x.ts';`],
    ['apps/portal/src/a.tsx', `import { x } from '@interpulse/store/x.ts';`],
    ['packages/domain/src/a.ts', `import { x } from '../../store/src/x.ts';`],
    ['tests/sim/a.ts', `import { x } from '../../packages/domain/src/x.ts';`],
  ] as const;
  for (const [path, text] of refused) {
    test(`refuses in ${path}: ${text}`, () => {
      assert.equal(complaints(floors, path, text).length, 1);
    });
  }

  const allowed = [
    ['packages/store/src/a.ts', `import { x } from '@interpulse/domain/x.ts';`],
    ['packages/store/src/a.test.ts', `import { x } from '@interpulse/testing/x.ts';`],
    ['apps/hub/src/a.ts', `import { x } from '../b/x.ts'; import y from 'fastify';`],
    ['tests/e2e/a.test.ts', `import { x } from '@interpulse/hub/x.ts';`],
  ] as const;
  for (const [path, text] of allowed) {
    test(`allows in ${path}: ${text}`, () => {
      assert.deepEqual(complaints(floors, path, text), []);
    });
  }
});

describe('the domain', () => {
  const path = 'packages/domain/src/a.ts';

  test('imports zod and itself, but neither node nor other packages', () => {
    assert.deepEqual(complaints(domainImports, path, `import 'zod';\nimport './b.ts';`), []);
    const text = `import 'node:fs';\nimport 'lodash';`;
    assert.deepEqual(complaints(domainImports, path, text), [
      '1 imports node:fs',
      '2 imports lodash',
    ]);
    assert.deepEqual(complaints(domainImports, 'packages/domain/src/a.test.ts', text), []);
  });

  const impure = [
    'Date.now()',
    'new Date()',
    'Date()',
    'Math.random()',
    'crypto.randomUUID()',
    'performance.now()',
    'process.env',
    'console.log(1)',
    'fetch("x")',
    'setTimeout(f, 1)',
  ];
  for (const expression of impure) {
    test(`may not say ${expression}`, () => {
      const found = complaints(domainPurity, path, `\nexport const x = ${expression};`);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', /^2 uses /);
    });
  }

  test('may compute with instants that were passed in', () => {
    const text = `new Date(startedAt); Date.parse(at); Math.max(1, 2); const process = 1;`;
    assert.deepEqual(complaints(domainPurity, path, text), []);
  });
});

describe('SQL', () => {
  const statement = ['select', 'id from jobs where x = 1'].join(' ');
  const change = ['update', 'jobs set state = $1'].join(' ');

  test('is found in strings and templates outside the store', () => {
    const text = `const a = '${statement}';\nconst b = \`${change} where id = \${id}\`;`;
    assert.equal(complaints(sqlRoom, 'apps/hub/src/a.ts', text).length, 2);
    assert.deepEqual(complaints(sqlRoom, 'packages/store/src/a.ts', text), []);
    assert.deepEqual(complaints(sqlRoom, 'packages/testing/src/database/a.ts', text), []);
  });

  test('drivers are imported by the store only', () => {
    const text = `import type { Kysely } from 'kysely';\nimport pg from 'pg';`;
    assert.equal(complaints(sqlRoom, 'apps/hub/src/a.ts', text).length, 2);
  });

  test('is not seen in English', () => {
    const text = `const a = 'Select a run from the list'.length;\nconst b = 'update the settings';`;
    assert.deepEqual(complaints(sqlRoom, 'apps/hub/src/a.ts', text).slice(1), []);
  });
});
