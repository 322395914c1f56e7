import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notifyInputSchema } from '../flow/notify-input.ts';
import { noticeLimits } from './notice-limits.ts';
import type { Notice } from './notice.ts';
import { noticeTitle, writeMessage } from './write-message.ts';

const failed: Notice = {
  occasion: 'failed',
  at: '2026-11-21T10:00:00.000Z',
  project: 'demo',
  flow: 'xpcs',
  flowRunId: 'flowrun_1',
  label: 'shot 41',
  trigger: 'every-scan',
  reason: 'Analyze: exit code 2',
  deadlineAt: '2026-11-21T09:59:57.500Z',
  endedAt: '2026-11-21T10:00:00.000Z',
  question: null,
};
const mail = { by: 'mail', address: 'ada@example.org' } as const;

test('a mail says what happened, why, how late, and where there is more', () => {
  assert.deepEqual(writeMessage(mail, [failed], 'https://hub.example.org/'), {
    by: 'mail',
    to: ['ada@example.org'],
    cc: [],
    subject: 'xpcs: shot 41 failed',
    text:
      'xpcs: shot 41 failed\nAnalyze: exit code 2\nIt ended 2.5 s after its deadline.\n' +
      'https://hub.example.org/flow-runs/flowrun_1',
  });
});

test('without an address of the portal, the command is named', () => {
  const message = writeMessage({ by: 'chat', chat: 'ops' }, [failed], null);
  assert.match(JSON.stringify(message), /interpulse flow-run show flowrun_1/);
});

test('many notices are one message, and it says how many it leaves out', () => {
  const many = Array.from({ length: noticeLimits.perMessage + 7 }, () => failed);
  const message = writeMessage(mail, many, null);
  assert.ok(message.by === 'mail');
  assert.equal(message.subject, 'xpcs: shot 41 failed (and 36 more)');
  assert.match(message.text, /… and 7 more\.$/);
  const hook = { by: 'webhook', url: 'https://h.example.org/', secret: 'portal' } as const;
  const posted = writeMessage(hook, many, null);
  assert.ok(posted.by === 'webhook');
  assert.equal(posted.secret, 'portal');
  const { notices, more } = posted.body as { notices: object[]; more: number };
  assert.deepEqual([notices.length, more], [noticeLimits.perMessage, 7]);
});

test('labels break no subject and call no room', () => {
  const evil = { ...failed, label: `a\nBcc: x@y.org <!channel> ${'x'.repeat(9000)}` };
  for (const place of [mail, { by: 'chat', chat: 'ops' } as const]) {
    const message = writeMessage(place, [evil, evil, evil], null);
    assert.ok(notifyInputSchema.safeParse(message).success);
    if (message.by === 'chat') assert.doesNotMatch(message.text, /<!|@y/);
  }
});

test('people read instants in words, programs as they are', () => {
  const reason = 'Answer waits for a person, at most until 2026-11-29T07:20:57.385Z.';
  const late: Notice = { ...failed, occasion: 'late', endedAt: null, reason };
  const told = writeMessage(mail, [late], null);
  assert.ok(told.by === 'mail');
  assert.match(told.text, /at most until 2026-11-29 07:20:57 UTC\./);
  assert.match(told.text, /It was due at 2026-11-21 09:59:57 UTC\./);
  const hook = { by: 'webhook', url: 'https://h.example.org/', secret: null } as const;
  assert.match(JSON.stringify(writeMessage(hook, [late], null)), /2026-11-29T07:20:57\.385Z/);
});

test('every occasion has words', () => {
  const trigger = { ...failed, flowRunId: null };
  const asked = { ...failed, question: { id: 'webinput_1', title: 'Go on?' } };
  assert.equal(
    noticeTitle({ ...asked, occasion: 'waiting' }),
    'xpcs: shot 41 waits for a person: Go on?',
  );
  assert.match(noticeTitle({ ...trigger, occasion: 'failed' }), /every-scan started no flow run/);
  assert.match(noticeTitle({ ...trigger, occasion: 'paused' }), /every-scan paused itself/);
  assert.match(noticeTitle({ ...failed, occasion: 'late', label: '' }), /xpcs: flowrun_1 is late/);
  assert.match(noticeTitle({ ...failed, occasion: 'test' }), /test/);
});
