import type { TemplateFile } from '../template/notification-template.ts';

const define = (name: string, body: string): string => `{{ define "${name}" }}${body}{{ end }}`;
const use = (name: string, data = '.'): string => `{{ template "${name}" ${data} }}`;

/** A part for the alerts of one status, left out where there are none. */
function part(status: 'Firing' | 'Resolved', heading: string, list: string, isTight: boolean): string {
  const [open, close] = isTight ? [' -}}', '{{- '] : [' }}', '{{ '];
  return `{{ if gt (len .Alerts.${status}) 0${open}\n${heading}Alerts ${status}:\n${use(list, `.Alerts.${status}`)}\n${close}end }}`;
}

function parts(heading: string, list: string, isTight = false): string {
  return `${part('Firing', heading, list, isTight)}\n${part('Resolved', heading, list, isTight)}\n`;
}

const ANNOTATIONS = '{{ .CommonAnnotations.SortedPairs.Values | join " " }}\n';
const TEXT_LIST = '__text_alert_list';
const MARKDOWN_LIST = '__text_alert_list_markdown';

function alertList(open: string, indent: string, close: string): string {
  const pairs = (name: string): string =>
    `${name}:\n{{ range .${name}.SortedPairs }}${indent}- {{ .Name }} = {{ .Value }}\n{{ end }}`;
  return `{{ range . }}${open}${pairs('Labels')}${open}${pairs('Annotations')}${open}Source: {{ .GeneratorURL }}\n{{ end }}${close}`;
}

/** The worst severity, as Jira names priorities. */
const PRIORITY = ['Firing', 'Resolved']
  .map((status, index) => {
    const rank = (severity: string, priority: string): string =>
      `{{ range .Alerts.${status} }}{{ if and (eq $p "") (eq (index .Labels "severity") "${severity}") }}{{ $p = "${priority}" }}{{ end }}{{ end }}`;
    const ranks = rank('critical', 'High') + rank('warning', 'Medium') + rank('info', 'Low');
    return index === 0 ? ranks : `{{ if eq $p "" }}${ranks}{{ end }}`;
  })
  .join('');

const SUBJECT_OF = [
  'email.default.subject',
  'slack.default.title',
  'pagerduty.default.description',
  'opsgenie.default.message',
  'victorops.default.entity_display_name',
  'pushover.default.title',
  'sns.default.subject',
  'discord.default.title',
  'msteams.default.summary',
  'msteams.default.title',
  'msteamsv2.default.title',
  'jira.default.summary',
  'rocketchat.default.title',
  'mattermost.default.title',
];
const LINK_OF = [
  'slack.default.titlelink',
  'pagerduty.default.clientURL',
  'opsgenie.default.source',
  'pushover.default.url',
  'rocketchat.default.titlelink',
  'mattermost.default.titlelink',
];
const NAME_OF = [
  'slack.default.username',
  'pagerduty.default.client',
  'victorops.default.monitoring_tool',
  'rocketchat.default.alias',
  'mattermost.default.username',
];
const EMPTY = [
  '__description',
  ...['callbackid', 'pretext', 'iconemoji', 'iconurl', 'text', 'footer'].map((name) => `slack.default.${name}`),
  ...['to_user', 'to_party', 'to_tag', 'agent_id'].map((name) => `wechat.default.${name}`),
  'discord.default.content',
  ...['emoji', 'iconurl', 'text'].map((name) => `rocketchat.default.${name}`),
];
const COLOR = '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}';
const TIGHT_TEXT = ANNOTATIONS + part('Firing', '', TEXT_LIST, true) + '\n' + part('Resolved', '', TEXT_LIST, true);

/**
 * The templates that every configuration of Alertmanager may name; each gives the text that Alertmanager's own gives, so
 * that files which lean on them keep their meaning. Those that begin with `vedette.` are ours: short, for chats.
 */
export const DEFAULT_TEMPLATES: TemplateFile = {
  name: 'default.tmpl',
  text: [
    define('__alertmanager', 'Alertmanager'),
    define('__alertmanagerURL', '{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}'),
    define(
      '__subject',
      '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }}{{ end }}] ' +
        '{{ join " " .GroupLabels.SortedPairs.Values }} ' +
        '{{ if gt (len .CommonLabels) (len .GroupLabels) }}({{ join " " (.CommonLabels.Remove .GroupLabels.Names).Values }}){{ end }}',
    ),
    define(TEXT_LIST, alertList('', ' ', '')),
    define(MARKDOWN_LIST, alertList('\n', '  ', '\n')),
    ...SUBJECT_OF.map((name) => define(name, use('__subject'))),
    ...LINK_OF.map((name) => define(name, use('__alertmanagerURL'))),
    ...NAME_OF.map((name) => define(name, use('__alertmanager'))),
    ...EMPTY.map((name) => define(name, '')),
    ...['slack', 'mattermost'].flatMap((kind) => [
      define(`${kind}.default.color`, COLOR),
      define(`${kind}.default.fallback`, `${use('__subject')} | ${use('__alertmanagerURL')}`),
    ]),
    define('pagerduty.default.instances', use(TEXT_LIST)),
    define('opsgenie.default.description', TIGHT_TEXT),
    define('victorops.default.state_message', TIGHT_TEXT),
    define(
      'wechat.default.message',
      `${use('__subject')}\n${TIGHT_TEXT}\nAlertmanagerUrl:\n${use('__alertmanagerURL')}`,
    ),
    ...['pushover', 'sns', 'webex'].map((kind) =>
      define(`${kind}.default.message`, ANNOTATIONS + parts('', TEXT_LIST)),
    ),
    ...['telegram', 'discord'].map((kind) => define(`${kind}.default.message`, `\n${parts('', TEXT_LIST)}`)),
    ...['msteams.default.text', 'msteamsv2.default.text', 'mattermost.default.text', 'jira.default.description'].map(
      (name) => define(name, `\n${parts('# ', MARKDOWN_LIST)}`),
    ),
    define('jira.default.priority', `{{ $p := "" }}${PRIORITY}{{ $p }}`),
    ...ownTemplates(),
  ].join('\n'),
};

/** Short messages for chats and mails: what happened, where, how it is now; no list of all labels. */
function ownTemplates(): string[] {
  const about = '{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}';
  const where = '{{ if .Labels.instance }} ({{ .Labels.instance }}){{ end }}';
  const details = (indent: string): string =>
    `{{ if .Annotations.description }}\n${indent}{{ .Annotations.description }}{{ end }}`;
  const line = (mark: string, end: string): string =>
    `{{ range .Alerts }}{{ if eq .Status "firing" }}🔴{{ else }}🟢{{ end }} ${mark}${about}${mark}${where}${details('> ')}${end}{{ end }}`;
  const rows =
    '{{ range .Alerts }}<tr><td style="padding:6px 12px 6px 0">{{ if eq .Status "firing" }}🔴{{ else }}🟢{{ end }}</td>' +
    `<td style="padding:6px 0"><b>${about}</b>${where}{{ if .Annotations.description }}<br>{{ .Annotations.description }}{{ end }}` +
    '<br><small>{{ range .Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}</small>' +
    '{{ if .GeneratorURL }}<br><a href="{{ .GeneratorURL }}">{{ .GeneratorURL }}</a>{{ end }}</td></tr>{{ end }}';
  return [
    define(
      'vedette.chat.title',
      '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }}{{ end }}] {{ join " " .GroupLabels.SortedPairs.Values }}',
    ),
    define(
      'vedette.chat.markdown',
      `### ${use('vedette.chat.title')}\n${line('**', '\n\n')}{{ if .ExternalURL }}[Vedette]({{ .ExternalURL }}/alerts){{ end }}`,
    ),
    define('vedette.chat.text', `${use('vedette.chat.title')}\n${line('', '\n')}`),
    define(
      'email.default.html',
      '<!doctype html><html><body style="font-family:sans-serif;font-size:14px;color:#1b1f24">' +
        `<h2 style="font-size:18px">${use('__subject')}</h2><table>${rows}</table>` +
        '{{ if .ExternalURL }}<p><a href="{{ .ExternalURL }}/alerts">Vedette</a></p>{{ end }}</body></html>',
    ),
  ];
}
