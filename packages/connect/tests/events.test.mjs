import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.mjs';

const { createEvents } = await compile('events.ts');
const connection = { connectionId: 'con_1', serviceName: 'xero', businessName: 'Harbor', businessUuid: 'biz_1' };

/** What happens after `await init(…)`, once everything that waited for it has run. */
const nextTask = async () => {
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
};

test('a listener added right after init misses nothing', async () => {
  const seen = [];
  const ready = Promise.resolve();
  const events = createEvents(() => ({}), ready);
  events.emit('open', {});
  events.emit('load', { widgetId: 'wid_1' });
  await ready;
  events.on('open', () => seen.push('open'));
  events.on('load', ({ widgetId }) => seen.push(widgetId));
  assert.deepEqual(seen, []);
  await nextTask();
  assert.deepEqual(seen, ['open', 'wid_1']);
});

test('what a listener brings about is told after what came before it', async () => {
  const seen = [];
  const events = createEvents(() => ({}), Promise.resolve());
  events.on('open', () => {
    seen.push('open');
    events.emit('exit', { reason: 'closed', connections: [] });
  });
  events.on('load', () => seen.push('load'));
  events.on('exit', () => seen.push('exit'));
  events.emit('open', {});
  events.emit('load', { widgetId: 'wid_1' });
  await nextTask();
  assert.deepEqual(seen, ['open', 'load', 'exit']);
});

test('tells onEvent, then the callback, then the listeners, at once', async () => {
  const seen = [];
  const events = createEvents(
    () => ({
      onEvent: ({ type, detail }) => seen.push(['onEvent', type, detail.connectionId]),
      onConnect: (detail) => seen.push(['onConnect', detail.serviceName]),
    }),
    Promise.resolve(),
  );
  await nextTask();
  events.on('connect', (detail) => seen.push(['on', detail.businessName]));
  events.emit('connect', connection);
  assert.deepEqual(seen, [['onEvent', 'connect', 'con_1'], ['onConnect', 'xero'], ['on', 'Harbor']]);
});

test('a callback that is changed later is the one that is called', async () => {
  const seen = [];
  let callbacks = { onOpen: () => seen.push('first') };
  const events = createEvents(() => callbacks, Promise.resolve());
  await nextTask();
  callbacks = { onOpen: () => seen.push('second') };
  events.emit('open', {});
  assert.deepEqual(seen, ['second']);
});

test('a function listening twice is stopped one at a time', async () => {
  let calls = 0;
  const events = createEvents(() => ({}), Promise.resolve());
  await nextTask();
  const listener = () => (calls += 1);
  const stop = events.on('open', listener);
  events.on('open', listener);
  events.emit('open', {});
  assert.equal(calls, 2);
  stop();
  stop();
  events.emit('open', {});
  assert.equal(calls, 3);
});

test('a listener that throws stops nobody else, and is reported', async (context) => {
  const seen = [];
  const events = createEvents(() => ({}), Promise.resolve());
  await nextTask();
  events.on('open', () => {
    throw new Error('the host page has a bug');
  });
  events.on('open', () => seen.push('still told'));
  const later = context.mock.method(globalThis, 'setTimeout', () => {});
  events.emit('open', {});
  assert.deepEqual(seen, ['still told']);
  assert.throws(later.mock.calls[0].arguments[0], /the host page has a bug/);
});

test('refuses an event that does not exist, naming those that do', () => {
  const events = createEvents(() => ({}), Promise.resolve());
  assert.throws(() => events.on('succes', () => {}), /no event "succes"; there are load, open, .*exit\./);
  assert.throws(() => events.on('open'), /has to be a function/);
});
