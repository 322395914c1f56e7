import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWebhookBody } from './read-webhook-body.ts';

const read = (type: string, body: string | Buffer) =>
  readWebhookBody({ headers: { 'content-type': type }, body: Buffer.from(body) });

test('a body is read as its sender says that it is written', () => {
  const latin = Buffer.from('{"a":"Größe"}', 'latin1');
  const wide = Buffer.from('{"a":"Größe"}', 'utf16le');
  const right = { a: 'Größe' };
  assert.deepEqual(read('application/json', '{"a":"Größe"}'), right);
  assert.deepEqual(read('application/json', '\ufeff{"a":"Größe"}'), right);
  assert.deepEqual(read('application/json; charset=ISO-8859-1', latin), right);
  assert.deepEqual(read('application/json;charset="utf-16le"', wide), right);
  assert.deepEqual(read('application/cloudevents+json; charset=klingon', '{"a":1}'), { a: 1 });
  assert.equal(read('text/plain', 'a=1'), 'a=1');
  assert.equal(read('', ''), '');
});

test('what could not be stored is replaced', () => {
  const body = String.raw`{"a":"x\u0000y","b\ud800":1e999}`;
  assert.deepEqual(read('application/json', body), { a: 'x\ufffdy', 'b\ufffd': null });
  assert.equal(read('application/octet-stream', Buffer.from([65, 0, 255])), 'A\ufffd\ufffd');
});

test('what cannot be read is refused', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  assert.throws(() => read('application/json', deep), /nested too deeply/);
  assert.throws(() => read('application/json', '{'), /no JSON/);
  assert.throws(() => read('application/json', ''), /no JSON/);
});
