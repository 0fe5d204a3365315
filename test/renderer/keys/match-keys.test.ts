import { describe, expect, test } from 'vitest';
import { isCharacterKey, matchKeys, strokeOf } from '../../../renderer/keys/match-keys.ts';

const press = (key: string, modifiers: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const BINDINGS = ['g o', 'g s', 'j', 'mod+k', 'g', '?', 'esc'];

test('a stroke is named as bindings name it', () => {
  expect(strokeOf(press('j'))).toBe('j');
  expect(strokeOf(press('E'))).toBe('E');
  expect(strokeOf(press('?'))).toBe('?');
  expect(strokeOf(press('ArrowLeft'))).toBe('left');
  expect(strokeOf(press(' '))).toBe('space');
  expect(strokeOf(press('K', { ctrlKey: true }))).toBe('mod+k');
  expect(strokeOf(press('k', { metaKey: true }))).toBe('mod+k');
});

test('modifiers alone, Alt and dead keys are no strokes', () => {
  expect(strokeOf(press('Shift'))).toBe('');
  expect(strokeOf(press('a', { altKey: true }))).toBe('');
  expect(strokeOf(press('Dead'))).toBe('');
});

describe('matching', () => {
  test('runs a binding of one stroke at once', () => {
    expect(matchKeys([], 'j', BINDINGS)).toEqual({ kind: 'run', index: 2 });
    expect(matchKeys([], 'mod+k', BINDINGS)).toEqual({ kind: 'run', index: 3 });
  });

  test('waits for the rest of a sequence, then runs it', () => {
    const bindings = ['g o', 'g s'];
    expect(matchKeys([], 'g', bindings)).toEqual({ kind: 'wait', pending: ['g'] });
    expect(matchKeys(['g'], 's', bindings)).toEqual({ kind: 'run', index: 1 });
  });

  test('takes a stroke that does not continue a sequence as a first one', () => {
    expect(matchKeys(['g'], 'j', ['g o', 'j'])).toEqual({ kind: 'run', index: 1 });
    expect(matchKeys(['g'], 'x', ['g o', 'j'])).toEqual({ kind: 'none' });
  });

  test('keeps waiting while a modifier is pressed', () => {
    expect(matchKeys(['g'], '', ['g o'])).toEqual({ kind: 'wait', pending: ['g'] });
  });

  test('prefers the binding that was added last', () => {
    expect(matchKeys([], 'esc', ['esc', 'j', 'esc'])).toEqual({ kind: 'run', index: 2 });
  });
});

test('the switch for single letters covers characters and sequences, not chords and named keys', () => {
  expect(['j', '?', 'g o', 'space'].map(isCharacterKey)).toEqual([true, true, true, true]);
  expect(['mod+k', 'esc', 'enter', 'left'].map(isCharacterKey)).toEqual([false, false, false, false]);
});
