import { lazy, Suspense, useRef } from 'react';
import type { RuleKind } from '../../../../shared/rule-kinds/rule-form.ts';
import { durationMs } from '../../../../shared/rule-kinds/promql-text.ts';
import { useText } from '../../../i18n/use-text.ts';
import { Select } from '../../../ui/Select.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import styles from './Rules.module.css';
import { FORM_FIELDS, textOf, type FormField, type FormTexts } from './read-form.ts';

const PromqlEditor = lazy(async () => import('../../../editor/PromqlEditor.tsx'));

/** The fields of one kind of rule. */
export function RuleFields({
  kind,
  texts,
  onChange,
  onRun,
}: {
  kind: RuleKind;
  texts: FormTexts;
  onChange: (id: string, text: string) => void;
  onRun: () => void;
}) {
  return FORM_FIELDS[kind].map((field) => (
    <Field
      key={`${kind}.${field.id}`}
      field={field}
      value={textOf(kind, texts, field.id)}
      onChange={(text) => {
        onChange(`${kind}.${field.id}`, text);
      }}
      onRun={onRun}
    />
  ));
}

function Field({
  field,
  value,
  onChange,
  onRun,
}: {
  field: FormField;
  value: string;
  onChange: (text: string) => void;
  onRun: () => void;
}) {
  const t = useText();
  const focusRef = useRef(false);
  const label = t(field.label);
  if (field.type === 'expression') {
    return (
      <div className={styles.wideField}>
        <span className={styles.label}>{label}</span>
        <div className={styles.editor}>
          <Suspense fallback={<TextField label={label} value={value} onChange={onChange} className={styles.plain} />}>
            <PromqlEditor
              label={label}
              placeholder={t('metrics.placeholder')}
              value={value}
              problem={null}
              focusRef={focusRef}
              onChange={onChange}
              onRun={onRun}
            />
          </Suspense>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.field}>
      <span className={styles.label}>{label}</span>
      {field.type === 'choice' ? (
        <Select
          label={label}
          value={value}
          options={(field.options ?? []).map((option) => ({
            value: option.value,
            text: option.label === null ? option.value : t(option.label),
          }))}
          onChange={onChange}
        />
      ) : (
        <TextField label={label} value={value} aria-invalid={!isGood(field, value)} onChange={onChange} />
      )}
    </div>
  );
}

function isGood({ type }: FormField, value: string): boolean {
  if (type === 'duration') return durationMs(value) !== null;
  if (type === 'number') return value.trim() === '' || Number.isFinite(Number(value));
  return true;
}
