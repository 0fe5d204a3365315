/** One step of relabelling, with every default filled in. Source: Prometheus manual, `<relabel_config>`. */
export interface RelabelStep {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** RE2, matched against the whole value. */
  readonly regex: string;
  readonly targetLabel: string;
  readonly replacement: string;
  /** Of `hashmod`; 0 for the others. */
  readonly modulus: number;
  /** Which target labels may be made: any text, or the classic alphabet. */
  readonly nameScheme: 'utf8' | 'legacy';
}

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';
