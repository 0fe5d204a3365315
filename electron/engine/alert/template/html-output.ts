import type { TemplateOutput } from './evaluate-expression.ts';
import { formatValue } from './format-value.ts';
import { goJson } from './go-json.ts';
import { SAFE_HTML_TYPE, SAFE_URL_TYPE } from './notification-functions.ts';
import { typeName, type TemplateStruct, type TemplateValue } from './template-value.ts';

/** Where in HTML the next character stands. */
type Place =
  | { readonly in: 'text' }
  | { readonly in: 'comment' }
  | { readonly in: 'tag'; readonly name: string; readonly attribute: string; readonly awaitsValue: boolean }
  | {
      readonly in: 'value';
      readonly name: string;
      readonly attribute: string;
      readonly quote: string;
      readonly so: string;
    }
  /** Inside of `script` or `style`, whose text is not HTML. */
  | { readonly in: 'raw'; readonly name: string };

const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'cite', 'poster', 'background', 'longdesc']);
const RAW_ELEMENTS = new Set(['script', 'style']);
const SAFE_SCHEMES = /^(?:https?|mailto):/i;

/**
 * Writes values into HTML so that they stay values: escaped for text, attribute, address or script, by where they stand.
 * Comments of the template are left out. Source: Go, html/template.
 */
export function createHtmlOutput(): TemplateOutput {
  let place: Place = { in: 'text' };

  /** Follow text that is written as it is; gives what of it is shown. */
  function follow(text: string): string {
    let shown = '';
    let at = 0;
    while (at < text.length) {
      const [next, taken, kept] = step(place, text.slice(at));
      place = next;
      if (kept) shown += text.slice(at, at + taken);
      at += taken;
    }
    return shown;
  }

  return {
    text: follow,
    value(value, lastFunction) {
      // What `urlquery` escaped is ready for an address; to escape it again would change what it says.
      const isReady = lastFunction === 'urlquery';
      const written = escapeFor(
        place,
        isReady ? { ...READY_URL, text: value === null ? '' : formatValue(value) } : value,
      );
      if (place.in === 'value') place = { ...place, so: place.so + written };
      return written;
    },
  };
}

/** Walk to the next place; gives it, the characters taken, and whether they are shown. */
function step(place: Place, text: string): readonly [next: Place, taken: number, isShown: boolean] {
  switch (place.in) {
    case 'comment': {
      const end = text.indexOf('-->');
      return end < 0 ? [place, text.length, false] : [{ in: 'text' }, end + 3, false];
    }
    case 'raw': {
      const end = new RegExp(`</${place.name}\\b`, 'i').exec(text)?.index ?? -1;
      return end < 0 ? [place, text.length, true] : [{ in: 'text' }, Math.max(end, 1), true];
    }
    case 'text': {
      const open = text.indexOf('<');
      if (open < 0) return [place, text.length, true];
      if (open > 0) return [place, open, true];
      if (text.startsWith('<!--')) return [{ in: 'comment' }, 4, false];
      const name = /^<\/?([a-z][^\s/>]*)/i.exec(text);
      if (name === null) return [place, 1, true];
      const isClosing = text.startsWith('</');
      return [{ in: 'tag', name: isClosing ? '' : (name[1] ?? '').toLowerCase(), attribute: '', awaitsValue: false }, name[0].length, true]; // prettier-ignore
    }
    case 'tag':
      return stepInTag(place, text);
    case 'value': {
      const end = place.quote === '' ? text.search(/[\s>]/) : text.indexOf(place.quote);
      if (end < 0) return [{ ...place, so: place.so + text }, text.length, true];
      const back: Place = { in: 'tag', name: place.name, attribute: '', awaitsValue: false };
      return [back, end + place.quote.length, true];
    }
  }
}

function stepInTag(place: Place & { in: 'tag' }, text: string): readonly [Place, number, boolean] {
  const { name, attribute } = place;
  const space = /^\s+/.exec(text);
  if (space !== null) return [place, space[0].length, true];
  if (text.startsWith('>')) return [RAW_ELEMENTS.has(name) ? { in: 'raw', name } : { in: 'text' }, 1, true];
  if (place.awaitsValue) {
    const quote = /^["']/.exec(text)?.[0] ?? '';
    return [{ in: 'value', name, attribute, quote, so: '' }, Math.max(quote.length, 0), true];
  }
  if (text.startsWith('=')) return [{ ...place, awaitsValue: true }, 1, true];
  const word = /^[^\s=>/"']+/.exec(text)?.[0] ?? text.charAt(0);
  return [{ ...place, attribute: word.toLowerCase() }, word.length, true];
}

function escapeFor(place: Place, value: TemplateValue): string {
  const plain = value === null ? '' : formatValue(value);
  switch (place.in) {
    case 'text':
      return typeName(value) === SAFE_HTML_TYPE ? plain : escapeHtml(plain);
    case 'comment':
      return '';
    case 'tag':
      // A value that is to be a name of a tag or an attribute, or a value without quotes that begins here.
      return escapeUnquoted(plain);
    case 'raw':
      return place.name === 'script' ? goJson(value) : UNSAFE;
    case 'value':
      return escapeAttribute(place, value, plain);
  }
}

const READY_URL: TemplateStruct = {
  kind: 'struct',
  type: SAFE_URL_TYPE,
  fields: new Map(),
  methods: new Map(),
  text: '',
};

/** What Go's html/template writes in place of a value that cannot be made safe. */
const UNSAFE = 'ZgotmplZ';

function escapeAttribute(place: Place & { in: 'value' }, value: TemplateValue, plain: string): string {
  const { attribute, so, quote } = place;
  const finish = quote === '' ? escapeUnquoted : escapeHtml;
  if (attribute === 'style' || attribute.startsWith('on'))
    return attribute === 'style' ? UNSAFE : finish(goJson(value));
  if (!URL_ATTRIBUTES.has(attribute)) return finish(plain);
  if (/[?#]/.test(so)) return finish(typeName(value) === SAFE_URL_TYPE ? normalizeUrl(plain) : escapeUrlPart(plain));
  const isWhole = so === '';
  const hasBadScheme = /^[^/?#]*:/.test(plain) && !SAFE_SCHEMES.test(plain);
  if (isWhole && hasBadScheme && typeName(value) !== SAFE_URL_TYPE) return `#${UNSAFE}`;
  return finish(normalizeUrl(plain));
}

const HTML_ESCAPES: Readonly<Record<string, string>> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '+': '&#43;', '\u0000': '\ufffd' }; // prettier-ignore

function escapeHtml(text: string): string {
  return text.replace(/["'&<>+\u0000]/g, (char) => HTML_ESCAPES[char] ?? char);
}

function escapeUnquoted(text: string): string {
  return escapeHtml(text).replace(/[\s=`]/g, (char) => `&#${String(char.charCodeAt(0))};`);
}

/** Everything but letters, digits and `-._~`. */
function escapeUrlPart(text: string): string {
  return percentEncode(text, /[A-Za-z0-9\-._~]/);
}

/** As a URL that is whole: what has a meaning in one stays, escapes that are there stay. */
function normalizeUrl(text: string): string {
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, index) => (index % 2 === 1 ? part : percentEncode(part, /[A-Za-z0-9\-._~!#$&*+,/:;=?@[\]]/)))
    .join('');
}

function percentEncode(text: string, kept: RegExp): string {
  return Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 && kept.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}
