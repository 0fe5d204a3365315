import { useFormat } from '../format/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import { useApp } from './app-context.ts';
import { useLook } from './look.ts';
import { usePreferences } from './use-preferences.ts';
import { useStatus } from './use-status.ts';
import { useTestPopup } from './use-test-popup.ts';
import { useWrite } from './use-write.ts';

export interface Command {
  readonly id: string;
  readonly text: string;
  readonly run: () => void;
}

const MINUTE_MS = 60_000;

/** The actions of the palette, as they apply now. */
export function useCommands(onShortcuts: () => void): readonly Command[] {
  const t = useText();
  const format = useFormat();
  const { client } = useApp();
  const { theme, language } = useLook();
  const { change } = usePreferences();
  const { live, setLive } = useRangeControl();
  const status = useStatus().data;
  const mute = useWrite(async (until: number | null) => client.system.mute({ until }), {
    done: ({ mutedUntil }) =>
      mutedUntil === null ? t('command.unmuted') : t('command.muted', { time: format.clock(mutedUntil) }),
  });
  const pause = useWrite(async (paused: boolean) => client.system.pauseChecks({ paused }), {
    done: ({ paused }) => t(paused ? 'command.checksPaused' : 'command.checksResumed'),
  });
  const reload = useWrite(async () => client.system.reload(), { done: () => t('command.reloaded') });
  const test = useTestPopup();
  const muted = status?.mutedUntil !== null && status !== undefined && status.mutedUntil > status.now;
  const paused = status?.checksPaused ?? false;
  return [
    {
      id: 'live',
      text: t(live ? 'frame.pauseLive' : 'frame.resumeLive'),
      run: () => {
        setLive(!live);
      },
    },
    ...(muted
      ? [
          {
            id: 'unmute',
            text: t('command.unmute'),
            run: () => {
              mute.mutate(null);
            },
          },
        ]
      : [15, 60].map((minutes) => ({
          id: `mute${String(minutes)}`,
          text: t('command.mute', { time: format.duration(minutes * MINUTE_MS) }),
          run: () => {
            mute.mutate(Date.now() + minutes * MINUTE_MS);
          },
        }))),
    {
      id: 'pause',
      text: t(paused ? 'command.resumeChecks' : 'command.pauseChecks'),
      run: () => {
        pause.mutate(!paused);
      },
    },
    {
      id: 'reload',
      text: t('command.reload'),
      run: () => {
        reload.mutate(undefined);
      },
    },
    {
      id: 'test',
      text: t('command.testPopup'),
      run: () => {
        test.mutate(undefined);
      },
    },
    {
      id: 'theme',
      text: t(theme === 'dark' ? 'command.light' : 'command.dark'),
      run: () => {
        change({ theme: theme === 'dark' ? 'light' : 'dark' });
      },
    },
    {
      id: 'language',
      text: language === 'en' ? '切换到中文' : 'Switch to English',
      run: () => {
        change({ language: language === 'en' ? 'zh-CN' : 'en' });
      },
    },
    { id: 'shortcuts', text: t('keys.sheet'), run: onShortcuts },
  ];
}
