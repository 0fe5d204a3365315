import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'good' | 'bad';
  readonly undo?: () => void;
}

export type ToastStore = StoreApi<{ readonly toasts: readonly Toast[] }> & {
  show(toast: Omit<Toast, 'id'>): void;
  dismiss(id: number): void;
};

const SHOWN_MS = 8000;

/** Short messages at the edge of the window; each leaves by itself after 8 s. */
export function createToastStore(): ToastStore {
  const store = createStore<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));
  let lastId = 0;
  const dismiss = (id: number): void => {
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  };
  return Object.assign(store, {
    show: (toast: Omit<Toast, 'id'>) => {
      const id = ++lastId;
      store.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { ...toast, id }] }));
      setTimeout(dismiss, SHOWN_MS, id);
    },
    dismiss,
  });
}
