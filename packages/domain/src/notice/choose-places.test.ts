import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePlaces, type ConcernedPeople, type NoticePerson } from './choose-places.ts';
import { readPlace } from './notice-place.ts';
import { noticeSettingsSchema, type NoticeOccasion } from './notice-rule.ts';

const person = (name: string, on: NoticeOccasion[]): NoticePerson => ({
  name,
  settings: { to: [`mail:${name}@example.org`], on },
});
const nobody: ConcernedPeople = {
  owners: [],
  managers: [],
  respondents: [],
  named: [],
  rules: [],
};

test('places are read as they are written', () => {
  assert.deepEqual(readPlace('mail:ada@example.org'), { by: 'mail', address: 'ada@example.org' });
  assert.deepEqual(readPlace('chat:control-room'), { by: 'chat', chat: 'control-room' });
  assert.deepEqual(readPlace('user:ada'), { by: 'user', name: 'ada' });
  assert.deepEqual(readPlace('owner'), { by: 'owner' });
  const hook = { by: 'webhook', url: 'https://h.example.org/x:y' };
  assert.deepEqual(readPlace('webhook:https://h.example.org/x:y'), { ...hook, secret: null });
  assert.deepEqual(readPlace('webhook+portal:https://h.example.org/x:y'), {
    ...hook,
    secret: 'portal',
  });
});

test('what is no place is none', () => {
  const none = ['', 'ada', 'mail:ada', 'mail:a@b.org\nBcc: x@y.org', 'mail+x:a@example.org'];
  none.push('chat:', 'chat:a b', 'webhook:file:///etc/passwd', 'webhook+:https://a.org', 'owner:x');
  none.push('user:../x', 'webhook+a b:https://a.org');
  for (const text of none) assert.equal(readPlace(text), null, text);
});

test('a person is told at addresses, and nowhere by a name', () => {
  assert.equal(noticeSettingsSchema.safeParse({ to: ['owner'], on: [] }).success, false);
  assert.equal(noticeSettingsSchema.safeParse({ to: ['chat:ops'], on: ['late'] }).success, true);
});

test('people hear of what their settings ask for', () => {
  const people = {
    ...nobody,
    owners: [person('ada', ['failed'])],
    managers: [person('bob', ['late'])],
    respondents: [person('eve', ['waiting'])],
  };
  assert.deepEqual(choosePlaces('failed', people), ['mail:ada@example.org']);
  assert.deepEqual(choosePlaces('late', people), ['mail:bob@example.org']);
  assert.deepEqual(choosePlaces('waiting', people), ['mail:eve@example.org']);
  assert.deepEqual(choosePlaces('succeeded', people), []);
});

test('rules tell whom they name, whatever these asked for, and each place once', () => {
  const to = ['owner', 'managers', 'user:eve', 'user:gone', 'chat:ops', 'mail:ada@example.org'];
  const people = {
    ...nobody,
    owners: [person('ada', [])],
    managers: [person('bob', [])],
    respondents: [person('zoe', [])],
    named: [person('eve', [])],
    rules: [
      { on: ['succeeded' as const], to },
      { on: ['failed' as const], to: ['chat:alarm'] },
    ],
  };
  assert.deepEqual(choosePlaces('succeeded', people), [
    'chat:ops',
    'mail:ada@example.org',
    'mail:bob@example.org',
    'mail:eve@example.org',
  ]);
  assert.deepEqual(choosePlaces('failed', people), ['chat:alarm']);
});
