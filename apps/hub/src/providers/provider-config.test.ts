import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeProvider } from './fake-provider.fixture.ts';
import { chooseProvider, providersSchema } from './provider-config.ts';
import { createProviders, secondsOfDuration } from './providers.ts';

const listed = providersSchema.parse([
  { url: 'https://a.example.org/acts', token: 'outer' },
  { url: 'https://a.example.org/acts/inner/', token: 'inner' },
  { url: 'http://plain.example.org/' },
  { url: 'http://allowed.example.org/', allowHttp: true },
  { url: 'http://127.0.0.1:8080/' },
]);

test('an address is called when it is listed, with what its longest line says', () => {
  const cases: [string, string][] = [
    ['https://a.example.org/acts', 'outer'],
    ['https://a.example.org/acts/hello/', 'outer'],
    ['https://a.example.org/acts/inner', 'inner'],
    ['https://a.example.org/acts/inner/x', 'inner'],
    ['https://a.example.org/acts/innermost', 'outer'],
  ];
  for (const [address, token] of cases) {
    const chosen = chooseProvider(address, listed);
    assert.ok('config' in chosen, address);
    assert.equal(chosen.config.token, token, address);
    assert.ok(!chosen.url.endsWith('/'), chosen.url);
  }
  for (const address of ['http://allowed.example.org/x', 'http://127.0.0.1:8080/x']) {
    assert.ok('config' in chooseProvider(address, listed), address);
  }
});

test('everything else is refused with what to do', () => {
  const cases: [string, RegExp][] = [
    ['https://a.example.org/actsother', /administrator may add \{ "url": "https:\/\/a\.example/],
    ['https://a.example.org/acts/../secret', /no action provider that this hub may call/],
    ['https://a.example.org/acts/%2e%2e/secret', /no action provider that this hub may call/],
    ['https://a.example.org:444/acts', /no action provider/],
    ['http://a.example.org/acts', /no action provider/],
    ['https://a.example.org.evil.org/acts', /no action provider/],
    ['https://user:word@a.example.org/acts', /without user/],
    ['https://a.example.org/acts?x=1', /without user/],
    ['http://plain.example.org/x', /no TLS.*"allowHttp": true/],
    ['http://127.0.0.1:22/', /no action provider/],
    ['ftp://a.example.org/', /no address/],
    ['nonsense', /no address/],
  ];
  for (const [address, words] of cases) {
    const chosen = chooseProvider(address, listed);
    assert.ok('refusal' in chosen, address);
    assert.match(chosen.refusal, words, address);
    assert.ok(!chosen.refusal.includes('word@'), 'no password is repeated');
  }
});

test('durations of ISO 8601', () => {
  const cases: [string, number | null][] = [
    ['P30D', 30 * 86_400],
    ['PT1.5S', 1.5],
    ['P1Y2M3W4DT5H6M7S', 365 * 86_400 + (60 + 21 + 4) * 86_400 + 5 * 3600 + 367],
    ['P', null],
    ['P1DT', null],
    ['30', null],
  ];
  for (const [text, seconds] of cases) assert.equal(secondsOfDuration(text), seconds, text);
});

test('tokens come from a file, read anew, or from an OAuth server, kept', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-tokens-'));
  const provider = await startFakeProvider(({ path }) => ({
    status: 200,
    json: path.endsWith('/token') ? { access_token: 'from-server', expires_in: 3600 } : {},
  }));
  context.after(async () => {
    await provider.close();
    await rm(folder, { recursive: true });
  });
  await writeFile(join(folder, 'word'), 'first\n');
  const oauth = { tokenUrl: `${provider.url}/token`, clientId: 'id', clientSecretFile: 'word' };
  const [byFile, byServer, none] = providersSchema.parse([
    { url: provider.url, tokenFile: 'word' },
    { url: provider.url, oauth },
    { url: provider.url },
  ]);
  assert.ok(byFile && byServer && none);
  const providers = createProviders([], { folder, publicUrl: null });
  const { signal } = new AbortController();
  const call = { method: 'GET', path: '/x', signal } as const;
  const sent = async (config: typeof byFile) => {
    await providers.ask(provider.url, config, call);
    return provider.asked.at(-1)?.headers.authorization;
  };
  assert.equal(await sent(byFile), 'Bearer first');
  await writeFile(join(folder, 'word'), 'second');
  assert.equal(await sent(byFile), 'Bearer second');
  assert.equal(await sent(byServer), 'Bearer from-server');
  assert.equal(await sent(byServer), 'Bearer from-server');
  assert.equal(provider.to('/token').length, 1);
  const basic = Buffer.from('id:second').toString('base64');
  assert.equal(provider.to('/token')[0]?.headers.authorization, `Basic ${basic}`);
  assert.equal(await sent(none), undefined);
  const missing = { ...byFile, tokenFile: 'nowhere' };
  await assert.rejects(sent(missing), /cannot read the token for a provider/);
});
