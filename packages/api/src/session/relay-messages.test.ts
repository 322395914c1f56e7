import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { relayMessages } from './relay-messages.ts';
import { hasty, startClient, startHub, until } from './session-test-kit.ts';

describe('a pilot that speaks to the hub through its agent', () => {
  it('is acknowledged only when the hub has handled its message', async (t) => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const hub = await startHub(t, {
      onMessage: async ({ text }, { attachment }) => {
        seen.push(`${text}${Buffer.from(attachment ?? []).toString()}`);
        await gate.promise;
      },
    });
    const up = startClient(t, hub.address);
    const agent = await startHub(t, {
      handlerConcurrency: 64,
      onMessage: relayMessages(up, 5_000),
    });
    const pilot = startClient(t, agent.address, { identity: 'pilot_1' });
    let acknowledged = false;
    const sent = pilot.send({ text: 'job done ' }, { attachment: Buffer.from('log') });
    void sent.then(() => (acknowledged = true));
    await until('the hub has it', () => seen.length === 1);
    await up.request({ text: 'a turn of the loop' }, { timeoutMs: 20 }).catch(() => undefined);
    assert.equal(acknowledged, false);
    gate.resolve();
    await sent;
    assert.equal(seen[0], 'job done log');
  });

  it('gets the answers and the refusals of the hub', async (t) => {
    const hub = await startHub(t, {
      onMessage: async ({ text }) => {
        if (text === 'old') throw new DomainError('conflict', 'Attempt 1 is over.');
        return { message: { text: `lease for ${text}` } };
      },
    });
    const agent = await startHub(t, {
      onMessage: relayMessages(startClient(t, hub.address), 5_000),
    });
    const pilot = startClient(t, agent.address, { identity: 'pilot_1' });
    const { message } = await pilot.request({ text: 'job_7' }, { timeoutMs: 5_000 });
    assert.equal(message.text, 'lease for job_7');
    await assert.rejects(pilot.send({ text: 'old' }), {
      kind: 'conflict',
      message: 'Attempt 1 is over.',
    });
  });

  it('loses nothing when agent and hub restart under way', async (t) => {
    const seen: number[] = [];
    const hub = await startHub(t, {
      onMessage: async ({ number }) => void seen.push(number ?? -1),
    });
    const up = startClient(t, hub.address);
    const agent = await startHub(t, {
      limits: hasty,
      handlerConcurrency: 16,
      onMessage: relayMessages(up, 5_000),
    });
    const pilot = startClient(t, agent.address, { identity: 'pilot_1' });
    const sends: Promise<void>[] = [];
    for (let number = 0; number < 300; number += 1) {
      sends.push(pilot.send({ text: 'x', number }));
      if (number % 10 === 0) await new Promise(setImmediate);
      const victim = number % 60 === 30 ? hub : agent;
      if (number % 30 !== 0 || number === 0) continue;
      await victim.kill();
      await victim.start();
    }
    await Promise.all(sends);
    assert.equal(new Set(seen).size, 300);
  });
});
