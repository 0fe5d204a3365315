export * from './configuration.ts';
export * from './probe/kinds.ts';
export { probeOfModule } from './blackbox/probe-module.ts';
export type { ProbeModule } from './blackbox/probe-module.ts';
export type { HeaderRule, HttpCheckConfig } from './probe/http-kind.ts';
export type { CeleryCheckConfig, FlowerCheckConfig, FlowerServer } from './probe/celery-kind.ts';
export type { CommandCheckConfig } from './probe/command-kind.ts';
export { nextCronTime, parseCron } from './probe/cron.ts';
export type { DockerCheckConfig } from './probe/docker-kind.ts';
export type { FileCheckConfig } from './probe/file-kind.ts';
export type { MongodbCheckConfig } from './probe/mongodb-kind.ts';
export type { MysqlCheckConfig } from './probe/mysql-kind.ts';
export type { PostgresqlCheckConfig } from './probe/postgresql-kind.ts';
export type { ProcessCheckConfig } from './probe/process-kind.ts';
export type { PushCheckConfig, PushSchedule } from './probe/push-kind.ts';
export type { RabbitmqCheckConfig, RabbitmqServer } from './probe/rabbitmq-kind.ts';
export type { RedisCheckConfig, RedisServer } from './probe/redis-kind.ts';
export type { SampleCondition, Thresholds } from './probe/sample-condition.ts';
export { formatAddress } from './probe/service-values.ts';
export type { ServerAddress } from './probe/service-values.ts';
export type { SystemdCheckConfig } from './probe/systemd-kind.ts';
export { formatEndpoint, parseEndpoint } from './probe/network-settings.ts';
export type { Endpoint, IpPreference, Login, TlsSetting } from './probe/network-settings.ts';
export { DNS_CLASSES, DNS_RCODES, DNS_TYPES } from './probe/dns-kind.ts';
export type { DnsCheckConfig, RecordRules } from './probe/dns-kind.ts';
export type { GrpcCheckConfig } from './probe/grpc-kind.ts';
export type { IcmpCheckConfig } from './probe/icmp-kind.ts';
export type { ImapCheckConfig, SmtpCheckConfig } from './probe/mail-kinds.ts';
export type { MqttCheckConfig } from './probe/mqtt-kind.ts';
export type { NtpCheckConfig } from './probe/ntp-kind.ts';
export type { SnmpCheckConfig, SnmpValue } from './probe/snmp-kind.ts';
export type { TcpCheckConfig } from './probe/tcp-kind.ts';
export type { TlsCheckConfig } from './probe/tls-kind.ts';
export type { WebSocketCheckConfig } from './probe/websocket-kind.ts';
export type { ProbeTarget } from './probe/probe-kind.ts';
export { loadConfiguration } from './load-configuration.ts';
export type { LoadedConfiguration, LoadOptions } from './load-configuration.ts';
export { loadAlertmanagerFile } from './load-alertmanager-file.ts';
export { loadRuleFile } from './load-rule-file.ts';
export type { LanguageChecks, LoadedRuleFile, RuleFileOptions, TextFault } from './load-rule-file.ts';
export { formatProblem } from './problem.ts';
export type { Problem } from './problem.ts';
export { DEFAULT_NOTIFY } from './read-notify.ts';
export { DEFAULT_RULES } from './default-rules.ts';
export { SELF_JOB } from './default-configuration.ts';
export { importMonitoringConfig } from './import-monitoring-config.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { formatSize, parseSize } from './size.ts';
export { describeSecret, packSecrets, revealSecret, takeFromKeychain, unpackSecrets } from './secret.ts';
export type { SecretPorts, SecretReading } from './secret.ts';
export { describeConfiguration } from './describe-configuration.ts';
export { notifyText } from './describe-notify.ts';
export { printConfiguration } from './print-configuration.ts';
export { defaultConfigFile } from './default-config-file.ts';
export { initConfiguration } from './init-configuration.ts';
export { importCompose } from './compose/import-compose.ts';
export type { ImportedCheck, ImportedCompose } from './compose/import-compose.ts';
export {
  addCheck,
  addCheckEntry,
  addLogSource,
  addProbe,
  addScrapeTarget,
  changeSetting,
} from './edit-configuration.ts';
export type { EditedText, NewCheck, NewLogSource, NewScrapeTarget } from './edit-configuration.ts';
export { addRuleFile, addRules } from './edit-rules.ts';
export type { NewRule } from './edit-rules.ts';
export { readOrNull, saveConfiguration } from './save-configuration.ts';
export type { SavedConfiguration } from './save-configuration.ts';
export { watchConfiguration } from './watch-configuration.ts';
export { checkFiles } from './check-files.ts';
export type { CheckedFile, CheckedKind } from './check-files.ts';
export { PROMQL_FEATURE_NAMES } from './promql-features.ts';
export type { PromqlFeatureName } from './promql-features.ts';
export { LAYERED_SETTINGS } from './layers.ts';
export { describeMatcher } from './describe-matcher.ts';
export { parseMatchers } from './parse-matchers.ts';
