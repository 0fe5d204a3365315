import { formatTime, nanosecondsOf, TIME_TYPE } from './go-time.ts';
import { formatValue } from './format-value.ts';
import { sortedKeys, type TemplateValue } from './template-value.ts';

/** A value as Go's `json.Marshal` writes it: map keys sorted, `<`, `>` and `&` escaped. */
export function goJson(value: TemplateValue): string {
  return write(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function write(value: TemplateValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return formatValue(value);
    default:
      break;
  }
  if (value.kind === 'list') return `[${value.items.map(write).join(',')}]`;
  if (value.kind === 'map') {
    return `{${sortedKeys(value)
      .map((key) => `${JSON.stringify(key)}:${write(value.entries.get(key) ?? null)}`)
      .join(',')}}`;
  }
  if (value.type === TIME_TYPE) return JSON.stringify(formatTime(nanosecondsOf(value), '2006-01-02T15:04:05.999999999Z07:00')); // prettier-ignore
  if (value.fields.size === 0) return JSON.stringify(value.text);
  const fields = [...value.fields].map(([name, field]) => `${JSON.stringify(memberName(name))}:${write(field)}`);
  return `{${fields.join(',')}}`;
}

/** `GeneratorURL` is `generatorURL` in JSON. */
function memberName(field: string): string {
  return field.charAt(0).toLowerCase() + field.slice(1);
}
