import type { InputHTMLAttributes, Ref } from 'react';
import styles from './TextField.module.css';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly label: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A line of text; its label is spoken, and shown by what stands around it. */
export function TextField({ label, onChange, className, ...rest }: TextFieldProps) {
  return (
    <input
      className={`${styles.field ?? ''} ${className ?? ''}`}
      aria-label={label}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        onChange(event.target.value);
      }}
      {...rest}
    />
  );
}
