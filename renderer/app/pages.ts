import { Bell, ChartLine, Cpu, LayoutDashboard, ScrollText, Server, Settings, type LucideIcon } from 'lucide-react';
import type { MessageKey } from '../i18n/en.ts';

export interface PageEntry {
  readonly to: '/' | '/services' | '/computer' | '/explore' | '/logs' | '/alerts' | '/settings';
  readonly label: MessageKey;
  readonly icon: LucideIcon;
  readonly keys: string;
}

/** The pages of the rail, in its order. */
export const PAGES: readonly PageEntry[] = [
  { to: '/', label: 'nav.overview', icon: LayoutDashboard, keys: 'g o' },
  { to: '/services', label: 'nav.services', icon: Server, keys: 'g s' },
  { to: '/computer', label: 'nav.computer', icon: Cpu, keys: 'g c' },
  { to: '/explore', label: 'nav.metrics', icon: ChartLine, keys: 'g m' },
  { to: '/logs', label: 'nav.logs', icon: ScrollText, keys: 'g l' },
  { to: '/alerts', label: 'nav.alerts', icon: Bell, keys: 'g a' },
  { to: '/settings', label: 'nav.settings', icon: Settings, keys: 'mod+,' },
];
