import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { TriedRule } from '../../../../shared/contract/rules.ts';
import { buildRules, type FormFault } from '../../../../shared/rule-kinds/build-rules.ts';
import { durationMs, durationText } from '../../../../shared/rule-kinds/promql-text.ts';
import type { RuleDraft, RuleKind } from '../../../../shared/rule-kinds/rule-form.ts';
import { problemsOf } from '../../../api/error-text.ts';
import { useApp } from '../../../app/app-context.ts';
import { useMayWrite } from '../../../app/use-status.ts';
import { useWrite } from '../../../app/use-write.ts';
import type { MessageKey } from '../../../i18n/en.ts';
import { useText } from '../../../i18n/use-text.ts';
import { Button } from '../../../ui/Button.tsx';
import { ErrorNotice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { ProblemList } from '../../settings/ProblemList.tsx';
import { alertsRoute } from '../route.ts';
import { readForm, readFrame, RULE_KINDS, type FormTexts, type FrameTexts } from './read-form.ts';
import { RuleFields } from './RuleFields.tsx';
import styles from './Rules.module.css';
import { TriedRuleView } from './TriedRuleView.tsx';

const WEEK_MS = 7 * 86_400_000;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
const GROUP = 'own';

/** A rule from a small form: its PromQL is shown, it is tried over the last week, and written into a rule file. */
export function NewRule() {
  const t = useText();
  const { api, client } = useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayWrite = useMayWrite();
  const { expr: given, forMs: givenForMs, name: givenName } = useSearch({ from: alertsRoute.id });
  const [kind, setKind] = useState<RuleKind>(given === undefined ? 'threshold' : 'expression');
  const [texts, setTexts] = useState<FormTexts>(given === undefined ? {} : { 'expression.expr': given });
  const [frame, setFrame] = useState<FrameTexts>({
    name: givenName ?? '',
    for: durationText(givenForMs ?? 300_000),
    keepFiringFor: '0s',
    severity: 'warning',
    summary: '',
  });
  const [file, setFile] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const files = useQuery(api.config.files.queryOptions());
  const ruleFiles = (files.data ?? []).filter((one) => one.kind === 'rules' && one.writable);
  const built = useMemo(() => buildRules(readFrame(frame), readForm(kind, texts)), [frame, kind, texts]);
  // A rule without a name can be tried all the same.
  const nameless = useMemo(
    () => buildRules({ ...readFrame(frame), name: frame.name.trim() || 'NewRule' }, readForm(kind, texts)),
    [frame, kind, texts],
  );
  const giveUp = useRef<AbortController | null>(null);
  const trial = useMutation({
    mutationFn: async (rules: readonly RuleDraft[]): Promise<readonly Trial[]> => {
      giveUp.current?.abort();
      const control = new AbortController();
      giveUp.current = control;
      const now = Date.now();
      const trials: Trial[] = [];
      for (const rule of rules) {
        const input = { ...wire(rule), from: now - WEEK_MS, to: now };
        trials.push({ rule, tried: await client.rules.tryOut(input, { signal: control.signal }) });
      }
      return trials;
    },
  });
  const save = useWrite(
    async (rules: readonly RuleDraft[]) =>
      client.rules.add({ rules: rules.map(wire), group: GROUP, file: file === '' ? null : file }),
    {
      done: ({ file: path }) => t('rules.saved', { path }),
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: api.alerts.rules.key() });
        void queries.invalidateQueries({ queryKey: api.config.files.key() });
        void navigate({ to: '/alerts', search: { tab: 'rules' } });
      },
      onError: setFailure,
    },
  );
  const tryOut = (): void => {
    if (nameless.ok) trial.mutate(nameless.rules);
  };
  const set = (change: Partial<FrameTexts>): void => {
    setFrame({ ...frame, ...change });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(null);
        if (built.ok) save.mutate(built.rules);
      }}
    >
      <p>
        <Link to="/alerts" search={{ tab: 'rules' }}>
          ← {t('alerts.allRules')}
        </Link>
      </p>
      <h2 className={styles.heading}>{t('rules.new')}</h2>
      <div className={styles.fields}>
        <label className={styles.field}>
          <span className={styles.label}>{t('rules.kind')}</span>
          <Select
            label={t('rules.kind')}
            value={kind}
            options={RULE_KINDS.map((value) => ({ value, text: t(`rules.kind.${value}`) }))}
            onChange={setKind}
          />
        </label>
        <p className={styles.hint}>{t(`rules.about.${kind}`)}</p>
      </div>
      <div className={styles.fields}>
        <RuleFields
          kind={kind}
          texts={texts}
          onChange={(id, text) => {
            setTexts({ ...texts, [id]: text });
          }}
          onRun={tryOut}
        />
      </div>
      <div className={styles.fields}>
        <Labelled label={t('rules.name')}>
          <TextField
            label={t('rules.name')}
            value={frame.name}
            onChange={(name) => {
              set({ name });
            }}
          />
        </Labelled>
        {kind !== 'burn' && (
          <>
            <Labelled label={t('rules.for')}>
              <TextField
                label={t('rules.for')}
                value={frame.for}
                aria-invalid={durationMs(frame.for) === null}
                onChange={(text) => {
                  set({ for: text });
                }}
              />
            </Labelled>
            <Labelled label={t('rules.severity')}>
              <Select
                label={t('rules.severity')}
                value={frame.severity}
                options={SEVERITIES.map((value) => ({ value, text: t(`severity.${value}`) }))}
                onChange={(severity) => {
                  set({ severity });
                }}
              />
            </Labelled>
          </>
        )}
        <Labelled label={t('rules.keep')}>
          <TextField
            label={t('rules.keep')}
            value={frame.keepFiringFor}
            aria-invalid={durationMs(frame.keepFiringFor) === null}
            onChange={(keepFiringFor) => {
              set({ keepFiringFor });
            }}
          />
        </Labelled>
        <Labelled label={t('rules.summary')} wide>
          <TextField
            label={t('rules.summary')}
            placeholder={t('rules.summaryHint')}
            value={frame.summary}
            onChange={(summary) => {
              set({ summary });
            }}
          />
        </Labelled>
        {ruleFiles.length > 1 && (
          <Labelled label={t('rules.file')} wide>
            <Select
              label={t('rules.file')}
              value={file === '' ? (ruleFiles[0]?.path ?? '') : file}
              options={ruleFiles.map(({ path }) => ({ value: path, text: path }))}
              onChange={setFile}
            />
          </Labelled>
        )}
      </div>
      {nameless.ok ? (
        nameless.rules.map((rule) => (
          <pre key={rule.expr} className={styles.expr} tabIndex={0} aria-label={t('alerts.expression')}>
            {rule.expr}
          </pre>
        ))
      ) : (
        <p className={styles.faults} role="status">
          {t('rules.missing', { what: nameless.faults.map((fault) => t(FAULTS[fault])).join(' · ') })}
        </p>
      )}
      <div className={styles.actions}>
        <Button disabled={!nameless.ok || trial.isPending} onClick={tryOut}>
          {t('rules.try')}
        </Button>
        {trial.isPending && (
          <Button
            look="quiet"
            onClick={() => {
              giveUp.current?.abort();
            }}
          >
            {t('rules.stopTrying')}
          </Button>
        )}
        <Button look="primary" type="submit" disabled={!built.ok || save.isPending || mayWrite === false}>
          {t('rules.save')}
        </Button>
        {!built.ok && nameless.ok && <span className="muted">{t('rules.needsName')}</span>}
        {mayWrite === false && <span className="muted">{t('error.unauthorized')}</span>}
      </div>
      {failure !== null && <ErrorNotice title={t('rules.saveFailed')} error={failure} />}
      {problemsOf(failure).length > 0 && <ProblemList problems={problemsOf(failure)} />}
      {trial.isPending && <p role="status">{t('rules.trying')}</p>}
      {trial.error !== null && <ErrorNotice title={t('rules.tryFailed')} error={trial.error} />}
      {trial.data?.map(({ rule, tried }) => (
        <TriedRuleView key={rule.expr} rule={rule} tried={tried} form={readForm(kind, texts)} />
      ))}
    </form>
  );
}

interface Trial {
  readonly rule: RuleDraft;
  readonly tried: TriedRule;
}

const FAULTS: Readonly<Record<FormFault, MessageKey>> = {
  name: 'rules.fault.name',
  subject: 'rules.fault.subject',
  selector: 'rules.fault.selector',
  limit: 'rules.fault.limit',
  window: 'rules.fault.window',
  objective: 'rules.fault.objective',
  seasons: 'rules.fault.seasons',
  levels: 'rules.fault.levels',
};

function Labelled({ label, wide = false, children }: { label: string; wide?: boolean; children: React.ReactNode }) {
  return (
    <div className={wide ? styles.wideField : styles.field}>
      <span className={styles.label}>{label}</span>
      {children}
    </div>
  );
}

function wire({ labels, annotations, ...rest }: RuleDraft) {
  return { ...rest, labels: { ...labels }, annotations: { ...annotations } };
}
