/** Apple's XML property lists, as far as configuration profiles need them. Written only; what is read by whom is Apple's matter. */
import { toBase64 } from '../lib/bytes.ts';

export type PlistValue = string | boolean | number | Uint8Array | readonly PlistValue[] | { readonly [key: string]: PlistValue };

/** A whole document. Numbers are integers. */
export function writePlist(value: PlistValue): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    ...writeValue(value, ''),
    '</plist>',
    '',
  ].join('\n');
}

function writeValue(value: PlistValue, indent: string): readonly string[] {
  const inner = `${indent}\t`;
  if (typeof value === 'string') return [`${indent}<string>${escapeXml(value)}</string>`];
  if (typeof value === 'boolean') return [`${indent}<${value}/>`];
  if (typeof value === 'number') return [`${indent}<integer>${Math.trunc(value)}</integer>`];
  if (value instanceof Uint8Array) return [`${indent}<data>`, ...(toBase64(value).match(/.{1,64}/g) ?? []).map((line) => indent + line), `${indent}</data>`];
  if (isArray(value)) return [`${indent}<array>`, ...value.flatMap((item) => writeValue(item, inner)), `${indent}</array>`];
  return [`${indent}<dict>`, ...Object.entries(value).flatMap(([key, item]) => [`${inner}<key>${escapeXml(key)}</key>`, ...writeValue(item, inner)]), `${indent}</dict>`];
}

const isArray = (value: PlistValue): value is readonly PlistValue[] => Array.isArray(value);

/** XML 1.0 knows no control characters and no lone surrogates, escaped or not: a foreign certificate's name may hold them. */
function escapeXml(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex -- control characters are what this replaces
    .replace(/[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'))
    // A parser would turn it into a line feed.
    .replaceAll('\r', '&#13;');
}
