import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.mjs';

const { camelCase, describe } = await compile('attributes.ts');

test('reads every sort of attribute', () => {
  const described = describe({
    widgetId: 'wid_1',
    businessName: 'Harbor Coffee Ltd',
    successUrl: '/done',
    open: 'false',
    skippable: '',
    overview: 'false',
    requiredKinds: 'banking',
    timeout: '90',
    kinds: 'accounting, banking,',
    includeServices: 'xero',
    excludeServices: 'wave, myob',
    themePrimary: '#0f5c4d',
    themeOnPrimary: 'white',
    linkTerms: '/terms',
    metadataApplicationId: 'NW-48213',
  });
  assert.deepEqual(described, {
    widgetId: 'wid_1',
    businessName: 'Harbor Coffee Ltd',
    options: {
      successUrl: '/done',
      open: false,
      skippable: true,
      overview: false,
      requiredKinds: ['banking'],
      timeout: 90,
      kinds: ['accounting', 'banking'],
      services: { include: ['xero'], exclude: ['wave', 'myob'] },
      theme: { primary: '#0f5c4d', onPrimary: 'white' },
      links: { terms: '/terms' },
      metadata: { applicationId: 'NW-48213' },
    },
  });
});

test('leaves alone what it does not know', () => {
  assert.deepEqual(describe({ cfasync: 'false', theme: 'dark', themes: 'x' }), {
    widgetId: undefined,
    businessName: undefined,
    options: {},
  });
});

test('a list that was left empty says nothing', () => {
  assert.deepEqual(describe({ kinds: '', requiredKinds: ' , ', includeServices: '', excludeServices: ' ' }).options, {});
});

test('an attribute of the element has the name of its option', () => {
  assert.equal(camelCase('theme-on-primary'), 'themeOnPrimary');
});
