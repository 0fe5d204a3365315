import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** One `primary` at most in view: the action that the page is for. */
  readonly look?: 'primary' | 'plain' | 'quiet';
  readonly icon?: ReactNode;
  readonly pressed?: boolean;
}

export function Button({ look = 'plain', icon, pressed, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      data-look={look}
      className={`${styles.button ?? ''} ${className ?? ''}`}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

/** A button of an icon alone; the label is its name and its hint. */
export function IconButton({ label, icon, className, ...rest }: ButtonProps & { label: string; icon: ReactNode }) {
  return (
    <Button
      look="quiet"
      className={`${styles.icon ?? ''} ${className ?? ''}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      {icon}
    </Button>
  );
}
