import type { LabelRecord } from '../../../shared/model/labels.ts';
import type { Matcher } from '../../../shared/model/matcher.ts';
import type { ProbeModule } from './blackbox/probe-module.ts';
import type { DiscoveryConfig } from './discovery-config.ts';
import type { HttpClientConfig } from './http-client.ts';
import type { JsonMetric } from './json-metric.ts';
import type { RelabelStep } from './relabel-step.ts';
import type { ProbeConfig } from './probe/kinds.ts';
import type { ChannelKind, ChannelOptions } from './channels/channel-schemas.ts';
import type { TimeInterval } from '../schedule/time-interval.ts';
import type { PromqlFeatureName } from './promql-features.ts';

/** The whole configuration, checked and with every default filled in. Durations are milliseconds, sizes bytes. */
export interface Configuration {
  /** Absolute path of the main file; null when the program runs on its defaults alone. */
  readonly file: string | null;
  readonly global: GlobalConfig;
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly ruleGroups: readonly RuleGroupConfig[];
  readonly host: HostConfig;
  readonly checks: readonly CheckConfig[];
  /** Times in which checks may fail. */
  readonly maintenance: readonly MaintenanceConfig[];
  readonly network: NetworkConfig;
  /** Absolute path of a configuration file of blackbox_exporter, and its modules; null and none without one. */
  readonly blackboxFile: string | null;
  readonly probeModules: readonly ProbeModule[];
  readonly logs: readonly LogSourceConfig[];
  readonly notify: NotifyConfig;
  /** Applied to the labels of every alert before it is routed. */
  readonly alertRelabelSteps: readonly RelabelStep[];
  readonly retention: RetentionConfig;
  readonly storage: StorageConfig;
  /** Experimental parts of PromQL that are switched on, for queries and rules alike. */
  readonly promqlFeatures: readonly PromqlFeatureName[];
  /** Servers that every sample is sent to as well. */
  readonly remoteWrite: readonly RemoteWriteConfig[];
  /** Servers with Prometheus's query API that questions can be passed on to. */
  readonly remoteQuery: readonly RemoteQueryConfig[];
  /** Absolute paths or patterns of dashboard files. */
  readonly dashboards: readonly string[];
  /** Absolute paths of the rule files that were read; empty when the built-in rules are used. */
  readonly ruleFiles: readonly string[];
  /** Absolute paths of every file that was read, and the patterns that named them; a change of any asks for a reload. */
  readonly watchedFiles: readonly string[];
}

export interface GlobalConfig {
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
  readonly evaluationIntervalMs: number;
  readonly externalLabels: LabelRecord;
}

export interface ScrapeConfig extends HttpClientConfig {
  readonly jobName: string;
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: 'http' | 'https';
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Whether series that carry their own timestamps end with a stale marker, too. */
  readonly trackTimestampsStaleness: boolean;
  readonly enableCompression: boolean;
  /** Limits; 0 is none. A scrape over one of them fails as a whole. */
  readonly sampleLimit: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
  readonly bodySizeLimitBytes: number;
  /** Most targets of the job; with more, none of them is scraped. 0 is no limit. */
  readonly targetLimit: number;
  /** Most dropped targets that are shown; 0 is no limit. */
  readonly keepDroppedTargets: number;
  /** The formats that are asked for, the most wanted first. */
  readonly scrapeProtocols: readonly ScrapeProtocol[];
  /** The parser for an answer without a usable Content-Type; null refuses it, as Prometheus 3 does. */
  readonly fallbackScrapeProtocol: 'PrometheusText0.0.4' | 'OpenMetricsText1.0.0' | null;
  /** Which names are legal in an answer. */
  readonly nameScheme: 'utf8' | 'legacy';
  /** How targets are asked to write names outside the classic alphabet. */
  readonly nameEscaping: 'allow-utf-8' | 'underscores' | 'dots' | 'values';
  readonly extraScrapeMetrics: boolean;
  /** Absolute path of a file that gets a line for each failed scrape. */
  readonly failureLogFile: string | null;
  readonly relabelSteps: readonly RelabelStep[];
  readonly metricRelabelSteps: readonly RelabelStep[];
  /** Not null: the answer is JSON, and this says which series are in it. */
  readonly jsonMetrics: readonly JsonMetric[] | null;
  readonly staticConfigs: readonly { readonly targets: readonly string[]; readonly labels: LabelRecord }[];
  readonly discoveries: readonly DiscoveryConfig[];
}

export type ScrapeProtocol =
  'PrometheusProto' | 'OpenMetricsText0.0.1' | 'OpenMetricsText1.0.0' | 'PrometheusText0.0.4' | 'PrometheusText1.0.0';

/** How another server is reached. */
export interface RemoteServer extends HttpClientConfig {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RemoteWriteConfig extends RemoteServer {
  /** The URL without credentials, where no name is given. */
  readonly name: string;
  readonly timeoutMs: number;
  /** Version 1.0 or 2.0 of remote write, by the name of its message. */
  readonly protobufMessage: 'prometheus.WriteRequest' | 'io.prometheus.write.v2.Request';
  readonly maxSamplesPerSend: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly writeRelabelSteps: readonly RelabelStep[];
}

export interface RemoteQueryConfig extends RemoteServer {
  readonly name: string;
  readonly timeoutMs: number;
}

/** Where a secret is; the value is read at use and never held in the configuration that is shown or logged. */
export type Secret =
  | { readonly kind: 'inline'; readonly reveal: () => string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'keychain'; readonly name: string };

export interface HostConfig {
  readonly enabled: boolean;
  readonly intervalMs: number;
  /** Programs of this machine whose history is kept, each summed up under its name. */
  readonly processes: readonly WatchedProcessConfig[];
}

export interface WatchedProcessConfig {
  readonly name: string;
  /** RE2, found anywhere in the command line; null means programs that are called `name`. */
  readonly pattern: string | null;
}

export interface CheckConfig {
  readonly name: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Extra labels of the series that the check writes. */
  readonly labels: LabelRecord;
  readonly judgement: CheckJudgement;
  /** What it asks. */
  readonly probe: ProbeConfig;
}

/** How results become a state. */
export interface CheckJudgement {
  /** So many failures in a row make a check down. */
  readonly failuresBeforeDown: number;
  /** So many good answers in a row end that. */
  readonly successesBeforeUp: number;
  /** How soon it is asked again while a change of state is not sure yet. */
  readonly retryIntervalMs: number;
  /** A good answer that took longer is degraded; null for no limit. */
  readonly slowAfterMs: number | null;
  /** A certificate that expires sooner makes an answer degraded; null for no limit. */
  readonly certificateMs: number | null;
  /** Shares of changes, in percent, at which flapping begins and below which it ends; null when it is not looked for. */
  readonly flapping: { readonly highPercent: number; readonly lowPercent: number } | null;
  /** Names of checks without which this one cannot answer. */
  readonly dependsOn: readonly string[];
}

/** Checks whose failures are expected for a time: by name or by labels, all where neither is given. */
export interface MaintenanceConfig {
  readonly name: string;
  readonly checks: readonly string[];
  readonly matchers: readonly Matcher[];
  readonly times: MaintenanceTimes;
}

export type MaintenanceTimes =
  /** Epoch milliseconds. */
  | { readonly kind: 'once'; readonly fromMs: number; readonly untilMs: number }
  | {
      readonly kind: 'recurring';
      /** Minutes after midnight. */
      readonly atMinutes: number;
      readonly durationMs: number;
      /** 0 is Sunday; null for every day. */
      readonly weekdays: readonly number[] | null;
      /** 1–31, and -1 to -31 from the end of the month; null for every day. */
      readonly daysOfMonth: readonly number[] | null;
      /** An IANA name; null for the zone of this machine. */
      readonly timeZone: string | null;
    };

/** How it is found out whether this machine itself has lost its network. */
export interface NetworkConfig {
  /** `host:port` of what answers whenever the network works, beside the gateway and the name servers. */
  readonly anchors: readonly string[];
}

export type LogType = 'application' | 'error' | 'business' | 'access';

export interface LogSourceConfig {
  readonly name: string;
  readonly type: LogType;
  /** Absolute glob patterns. */
  readonly files: readonly string[];
  readonly labels: LabelRecord;
  /** Counters of the lines that fit. */
  readonly metrics: readonly LogMetricConfig[];
}

/** A counter of log lines: those of one of the levels, where levels are named, in which the pattern is found. */
export interface LogMetricConfig {
  readonly name: string;
  /** RE2 syntax, found anywhere in the line; null counts every line of the levels. */
  readonly pattern: string | null;
  /** null counts every level. */
  readonly levels: readonly string[] | null;
  readonly labels: LabelRecord;
}

export interface RuleGroupConfig {
  readonly name: string;
  /** The file that holds the group; `''` for the built-in rules. */
  readonly file: string;
  readonly intervalMs: number;
  /** Most alerts or series that a rule of the group may give; 0 is no limit. */
  readonly limit: number;
  readonly queryOffsetMs: number;
  readonly labels: LabelRecord;
  readonly rules: readonly RuleConfig[];
}

export type RuleConfig = RecordingRuleConfig | AlertingRuleConfig;

export interface RecordingRuleConfig {
  readonly kind: 'recording';
  readonly record: string;
  readonly expr: string;
  readonly labels: LabelRecord;
  readonly line: number;
}

export interface AlertingRuleConfig {
  readonly kind: 'alerting';
  readonly alert: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Templates, as in the file. */
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  readonly line: number;
}

export interface NotifyConfig {
  readonly resolveTimeoutMs: number;
  readonly route: RouteConfig;
  readonly receivers: readonly ReceiverConfig[];
  readonly inhibitRules: readonly InhibitRuleConfig[];
  /** By name; each is in force when one of its intervals is. */
  readonly timeIntervals: Readonly<Record<string, readonly TimeInterval[]>>;
  /** Absolute paths or patterns of files with templates. */
  readonly templates: readonly string[];
}

export interface RouteConfig {
  readonly receiver: string;
  /** Label names; `['...']` groups by all labels. */
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly matchers: readonly Matcher[];
  /** Names of intervals in which the route tells nothing; not inherited. */
  readonly muteTimeIntervals: readonly string[];
  /** Names of the only intervals in which it tells; empty is always. Not inherited. */
  readonly activeTimeIntervals: readonly string[];
  readonly continue: boolean;
  readonly routes: readonly RouteConfig[];
  /** Who is told as well while nobody acknowledges; in order of time, each receiver once. */
  readonly escalate?: readonly EscalationStep[];
}

export interface EscalationStep {
  /** From when the route was first to tell of the alert, or from the end of a snooze. */
  readonly afterMs: number;
  readonly receiver: string;
}

/** How bad an alert is, the least first. */
export type SeverityLevel = 'info' | 'warning' | 'error' | 'critical';

export interface InhibitRuleConfig {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  readonly equal: readonly string[];
}

export interface ReceiverConfig {
  readonly name: string;
  readonly channels: readonly ChannelConfig[];
}

/** A channel that sends a message to a service, a file or a program; its options are those of its kind in the file. */
export type SentChannelConfig = {
  readonly [Kind in ChannelKind]: {
    readonly kind: Kind;
    readonly sendResolved: boolean;
    /** Alerts below it are not told through this channel; absent tells all. */
    readonly minSeverity?: SeverityLevel;
    /** For one attempt; null takes the default. */
    readonly timeoutMs: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly authorization: ScrapeConfig['authorization'];
    readonly basicAuth: ScrapeConfig['basicAuth'];
    /** By the key of the file that holds them; absent where none is given. */
    readonly secrets: Readonly<Record<string, Secret>>;
    readonly options: ChannelOptions<Kind>;
  };
}[ChannelKind];

export type ChannelConfig =
  | { readonly kind: 'desktop'; readonly sendResolved: boolean; readonly minSeverity?: SeverityLevel }
  | {
      readonly kind: 'webhook';
      readonly url: Secret;
      readonly sendResolved: boolean;
      readonly maxAlerts: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly minSeverity?: SeverityLevel;
    }
  | SentChannelConfig
  /** A channel that the file names and this version cannot send through; it is shown, and each attempt is logged as failed. */
  | { readonly kind: 'unsupported'; readonly name: string };

export interface RetentionConfig {
  /** Rollups are kept at least as long as the samples that they stand for. */
  readonly metrics: {
    readonly rawMs: number;
    readonly rollup5mMs: number;
    readonly rollup1hMs: number;
    readonly sizeBytes: number;
  };
  readonly logs: Readonly<Record<LogType, number>> & { readonly sizeBytes: number };
}

export interface StorageConfig {
  /** The most series there may be: in all, of one metric, from one target. `Infinity` is no limit. */
  readonly metrics: {
    readonly maxSeries: number;
    readonly maxSeriesPerMetric: number;
    readonly maxSeriesPerTarget: number;
  };
}
