// Checked by `tsc --noEmit`, never run: what a host page may write, and what the compiler has to refuse.

import { ConnectError, defineElement, init, type Connect, type Options } from '../src/index.js';

async function accepted() {
  const connect: Connect | null = await init('wid_1', 'Harbor Coffee Ltd', {
    container: document.body,
    open: false,
    apiUrl: 'https://connect.example.com',
    successUrl: '/done',
    services: { exclude: ['wave'] },
    kinds: ['accounting', 'banking'],
    theme: { primary: '#0f5c4d', radius: '8px' },
    colorScheme: 'system',
    isolation: 'frame',
    locale: 'fr-BE',
    messages: { 'picker.title': 'Link', 'close@fr': 'Quitter', 'search.found.few': '{count}' },
    metadata: { application: 48213 },
    onConnect: ({ connectionId, account }) => console.log(connectionId.length, account?.name.length),
    onEvent: (event) => {
      if (event.type === 'error') console.log(event.detail.code === 'load_failed', event.detail.recoverable);
      if (event.type === 'exit') console.log(event.detail.reason === 'redirected');
    },
  });
  await init('wid_1');
  await init('wid_1', null, null);
  const stop: () => void = connect!.on('select', ({ serviceName }) => console.log(serviceName.length));
  stop();
  connect?.update({ theme: { primary: 'navy' } });
  defineElement();
  document.querySelector('railhead-connect')?.open();
  const options: Options = { onError: ({ code }) => code === 'popup_blocked' };
  await init('wid_1', 'Harbor', options).catch((error) => error instanceof ConnectError && error.code);
}

async function refused(connect: Connect) {
  // @ts-expect-error the widget's id is needed
  await init();
  // @ts-expect-error a number is no id
  await init(7);
  // @ts-expect-error on a server there is no handle
  (await init('wid_1')).open();
  // @ts-expect-error a misspelt option
  await init('wid_1', null, { sucessUrl: '/done' });
  // @ts-expect-error no such sentence
  await init('wid_1', null, { messages: { 'picker.titel': 'Link' } });
  // @ts-expect-error no such language
  await init('wid_1', null, { messages: { 'picker.title@pl': 'Link' } });
  // @ts-expect-error no such colour scheme
  await init('wid_1', null, { colorScheme: 'auto' });
  // @ts-expect-error no such kind of service
  await init('wid_1', null, { kinds: ['crypto'] });
  // @ts-expect-error no such token
  await init('wid_1', null, { theme: { brand: '#fff' } });
  // @ts-expect-error no such event
  connect.on('success', () => {});
  // @ts-expect-error `exit` carries no connection id
  connect.on('exit', ({ connectionId }) => connectionId);
  // @ts-expect-error no such code
  connect.on('error', ({ code }) => code === 'popup_denied');
  // @ts-expect-error events never carry a credential
  connect.on('connect', ({ accessToken }) => accessToken);
}

export { accepted, refused };
