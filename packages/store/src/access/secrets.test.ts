import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import {
  findPrincipal,
  findSecretHolder,
  findUser,
  insertProject,
  insertUser,
  listProjects,
  listUsers,
  setProjectMember,
} from './access.ts';
import { endJobTokens, issueJobTokens } from './job-tokens.ts';
import {
  bindAgentToSite,
  deleteSecret,
  deleteSecretByHash,
  findIdempotentAnswer,
  forgetOldSecrets,
  insertOneTimeCode,
  insertSecret,
  keepIdempotentAnswer,
  listTokens,
  noteSecretsUsed,
  takeOneTimeCode,
  type NewSecret,
} from './secrets.ts';

const hashOf = (text: string): Buffer => Buffer.from(text.padEnd(32, '.'));

withDatabases('people and secrets', (openFresh) => {
  let db: Database;
  const userId = newTestId('user');
  const who = { id: userId, name: 'ada', title: 'Ada', kind: 'user' as const };
  const user = { ...who, admin: false, project: null };

  before(async () => {
    db = await openFresh();
    assert.equal(await insertUser(db, { ...user, createdAt: at(0) }), true);
    const demo = { name: 'demo', title: 'Demo', createdAt: at(0) };
    assert.equal(await insertProject(db, demo), true);
    assert.equal(await insertProject(db, demo), false);
    await setProjectMember(db, 'demo', userId, 'reader');
    await setProjectMember(db, 'demo', userId, 'member');
  });

  const keep = async (name: string, fields: Partial<NewSecret> = {}): Promise<string> => {
    const id = newTestId('token');
    await insertSecret(db, {
      id,
      kind: 'token',
      userId,
      agentId: null,
      label: name,
      hash: hashOf(name),
      createdAt: at(0),
      expiresAt: null,
      ...fields,
    });
    return id;
  };

  test('names are taken once', async () => {
    const twin = { ...user, id: newTestId('user'), createdAt: at(0) };
    assert.equal(await insertUser(db, twin), false);
    assert.equal((await findUser(db, 'ada'))?.id, userId);
    assert.equal((await listUsers(db)).length, 1);
  });

  test('who holds a secret is known with the projects, until it expires', async () => {
    const tokenId = await keep('short', { expiresAt: at(10) });
    const holder = await findSecretHolder(db, hashOf('short'), at(9));
    assert.equal(holder?.tokenId, tokenId);
    assert.deepEqual(holder?.principal, {
      id: userId,
      name: 'ada',
      kind: 'user',
      admin: false,
      projects: { demo: 'member' },
      jobId: null,
    });
    assert.equal(await findSecretHolder(db, hashOf('short'), at(10)), undefined);
    assert.equal(await findSecretHolder(db, hashOf('other'), at(9)), undefined);
    assert.deepEqual(await findPrincipal(db, userId), holder?.principal);
    assert.equal(await findPrincipal(db, 'user_none'), undefined);
  });

  test('a job’s token is its owner, in its project only, as a member at most', async () => {
    const jobId = newTestId('job');
    const token = { id: newTestId('token'), jobId, ownerId: userId, project: 'demo' };
    const kept = { ...token, secretHash: hashOf('of a job'), expiresAt: at(100) };
    const strange = { id: newTestId('token'), secretHash: hashOf('elsewhere'), project: 'other' };
    await issueJobTokens(db, [kept, { ...kept, ...strange }]);
    const holder = await findSecretHolder(db, hashOf('of a job'), at(9));
    assert.deepEqual(holder?.principal, {
      id: userId,
      name: 'ada',
      kind: 'user',
      admin: false,
      projects: { demo: 'member' },
      jobId,
    });
    const other = await findSecretHolder(db, hashOf('elsewhere'), at(9));
    assert.deepEqual(other?.principal?.projects, {});
    await db.query('update users set admin = true where id = $1', [userId]);
    const ofAdmin = await findSecretHolder(db, hashOf('elsewhere'), at(9));
    assert.deepEqual(
      [ofAdmin?.principal?.admin, ofAdmin?.principal?.projects],
      [false, { other: 'member' }],
    );
    await db.query('update users set admin = false where id = $1', [userId]);
    assert.equal(await findSecretHolder(db, hashOf('of a job'), at(100)), undefined);
    await endJobTokens(db, [jobId]);
    assert.equal(await findSecretHolder(db, hashOf('of a job'), at(9)), undefined);
  });

  test('a session lives on by its use, a token does not', async () => {
    const session = await keep('session', { kind: 'session', expiresAt: at(10) });
    const token = await keep('token', { expiresAt: at(10) });
    await noteSecretsUsed(db, [session, token], at(5), at(50));
    assert.ok(await findSecretHolder(db, hashOf('session'), at(40)));
    assert.equal(await findSecretHolder(db, hashOf('token'), at(40)), undefined);
    const listed = await listTokens(db, userId);
    assert.equal(listed.find(({ id }) => id === token)?.usedAt, at(5));
    assert.ok(listed.every(({ id }) => id !== session));
  });

  test('a secret is forgotten by its owner, by an administrator, and by itself', async () => {
    const first = await keep('first');
    assert.equal(await deleteSecret(db, first, 'user_other'), false);
    assert.equal(await deleteSecret(db, first, userId), true);
    assert.equal(await deleteSecret(db, await keep('second'), null), true);
    await keep('third');
    await deleteSecretByHash(db, hashOf('third'));
    assert.equal(await findSecretHolder(db, hashOf('third'), at(1)), undefined);
  });

  test('a one-time code is used once, even by many at once, and not too late', async () => {
    const code = { hash: hashOf('code'), purpose: 'enrol' as const, userId: null, siteName: 'a' };
    await insertOneTimeCode(db, { ...code, expiresAt: at(10) }, at(0));
    assert.equal(await takeOneTimeCode(db, code.hash, 'signIn', at(1)), undefined);
    const takers = Array.from({ length: 8 }, () =>
      db.transaction((tx) => takeOneTimeCode(tx, code.hash, 'enrol', at(1))),
    );
    const taken = (await Promise.all(takers)).filter((answer) => answer !== undefined);
    assert.deepEqual(taken, [{ userId: null, siteName: 'a' }]);
    await insertOneTimeCode(db, { ...code, expiresAt: at(10) }, at(0));
    assert.equal(await takeOneTimeCode(db, code.hash, 'enrol', at(10)), undefined);
  });

  test('a site that is enrolled anew has a new agent; the old secret is void', async () => {
    const [old, young] = [newTestId('agent'), newTestId('agent')];
    const site = { name: 'centre', createdAt: at(0) };
    await bindAgentToSite(db, { ...site, id: newTestId('site'), agentId: old });
    await keep('old agent', { kind: 'agent', userId: null, agentId: old });
    const holder = await findSecretHolder(db, hashOf('old agent'), at(1));
    assert.deepEqual([holder?.siteName, holder?.principal], ['centre', null]);
    await bindAgentToSite(db, { ...site, id: newTestId('site'), agentId: young });
    assert.equal(await findSecretHolder(db, hashOf('old agent'), at(1)), undefined);
    await keep('young agent', { kind: 'agent', userId: null, agentId: young });
    const heir = await findSecretHolder(db, hashOf('young agent'), at(1));
    assert.equal(heir?.siteId, holder?.siteId);
  });

  test('a key answers what it answered first, and locks out who comes beside', async () => {
    const known = { requestHash: hashOf('request'), status: 201, answer: { id: 'job_1' } };
    let running = 0;
    const submit = () =>
      db.transaction(async (tx) => {
        const before = await findIdempotentAnswer(tx, userId, 'key', at(-5));
        if (before) return before.answer;
        running += 1;
        await keepIdempotentAnswer(tx, userId, 'key', known, at(0));
        return known.answer;
      });
    const answers = await Promise.all([submit(), submit(), submit(), submit()]);
    assert.equal(running, 1);
    for (const answer of answers) assert.deepEqual(answer, known.answer);
    const other = await db.transaction((tx) => findIdempotentAnswer(tx, 'user_2', 'key', at(-5)));
    assert.equal(other, undefined);
    const late = await db.transaction((tx) => findIdempotentAnswer(tx, userId, 'key', at(1)));
    assert.equal(late, undefined);
  });

  test('what has lost its meaning is swept away', async () => {
    await keep('gone', { expiresAt: at(10) });
    await forgetOldSecrets(db, at(100), at(100));
    const left = await listTokens(db, userId);
    assert.ok(left.every(({ expiresAt }) => expiresAt === null));
    const key = await db.transaction((tx) => findIdempotentAnswer(tx, userId, 'key', at(-99)));
    assert.equal(key, undefined);
  });

  test('members come and go', async () => {
    assert.deepEqual((await listProjects(db, ['demo']))[0]?.members, [
      { name: 'ada', role: 'member' },
    ]);
    await setProjectMember(db, 'demo', userId, null);
    assert.deepEqual((await listProjects(db, null))[0]?.members, []);
    assert.deepEqual(await listProjects(db, []), []);
  });
});
