import { compileMessageOrThrow, type CompiledMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, test } from 'vitest';
import { en, type MessageKey } from '../../../renderer/i18n/en.ts';
import { createI18n, languageFor } from '../../../renderer/i18n/language.ts';
import { zhCN } from '../../../renderer/i18n/zh-CN.ts';

const keys = Object.keys(en) as MessageKey[];

test('both catalogs have the same keys, and none is empty', () => {
  expect(Object.keys(zhCN).sort()).toEqual([...keys].sort());
  expect(keys.length).toBeGreaterThan(250);
  for (const key of keys) {
    expect(en[key].trim(), key).not.toBe('');
    expect(zhCN[key].trim(), key).not.toBe('');
  }
});

test('every message can be compiled', () => {
  for (const key of keys) {
    compileMessageOrThrow(en[key]);
    compileMessageOrThrow(zhCN[key]);
  }
});

test('both languages use the same values', () => {
  for (const key of keys) {
    const source = valuesOf(compileMessageOrThrow(en[key]));
    const unknown = [...valuesOf(compileMessageOrThrow(zhCN[key]))].filter((name) => !source.has(name));
    expect(unknown, key).toEqual([]);
  }
});

test('plurals follow the language', () => {
  const i18n = createI18n('en');
  expect(i18n._('frame.firing', { count: 0 })).toBe('No alert is firing');
  expect(i18n._('frame.firing', { count: 1 })).toBe('1 alert is firing');
  expect(i18n._('frame.firing', { count: 3 })).toBe('3 alerts are firing');
  i18n.activate('zh-CN');
  expect(i18n._('frame.firing', { count: 3 })).toBe('3 条告警正在触发');
});

describe('the language', () => {
  test('is what a person chose', () => {
    expect(languageFor('zh-CN', ['en-GB'])).toBe('zh-CN');
  });
  test('or the first of the system that is there', () => {
    expect(languageFor('system', ['de-DE', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(languageFor('system', ['en-GB', 'zh'])).toBe('en');
    expect(languageFor('system', ['fr'])).toBe('en');
  });
});

/** The names of the values that a message uses, inside of plurals too. */
function valuesOf(message: CompiledMessage): Set<string> {
  const names = new Set<string>();
  for (const token of message) {
    if (typeof token === 'string') continue;
    const [name, , choices] = token;
    names.add(name);
    if (typeof choices !== 'object' || choices === null) continue;
    for (const choice of Object.values(choices)) {
      if (Array.isArray(choice)) for (const inner of valuesOf(choice as CompiledMessage)) names.add(inner);
    }
  }
  // `#` stands for the value of its own plural.
  names.delete('#');
  return names;
}
