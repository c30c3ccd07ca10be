/** What to call a device whose certificate says who it is: its common name, or the next best thing. */
export function deviceName({ subject, subjectAltNames }: { readonly subject: string; readonly subjectAltNames: readonly string[] }): string {
  const common = /(?:^|,)\s*CN=((?:\\.|[^,\\])+)/.exec(subject)?.[1]?.replace(/\\(.)/g, '$1');
  return common ?? (subject !== '' ? subject : (subjectAltNames[0]?.replace(/^[A-Za-z]+:/, '') ?? 'A device without a name'));
}
