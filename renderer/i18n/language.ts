import { setupI18n, type I18n, type Messages } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type Language = 'en' | 'zh-CN';

/** The interface's texts, in the language given; every message is compiled once, here. */
export function createI18n(language: Language): I18n {
  const i18n = setupI18n();
  i18n.load({ en: compile(en), 'zh-CN': compile(zhCN) });
  i18n.activate(language);
  return i18n;
}

/** The language that a person chose, or the nearest that the system asks for. */
export function languageFor(chosen: 'system' | Language, system: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  const first = system.find((tag) => /^(zh|en)\b/i.test(tag));
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

function compile(catalog: Readonly<Record<string, string>>): Messages {
  return Object.fromEntries(Object.entries(catalog).map(([key, text]) => [key, compileMessage(text)]));
}
