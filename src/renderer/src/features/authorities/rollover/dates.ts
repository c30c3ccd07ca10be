/** Moments in date fields: a field holds the admin's own time, the CA is told UTC. */

const two = (value: number): string => String(value).padStart(2, '0');

/** What a `datetime-local` field shows: `2027-03-01T09:30`, in the admin's time zone. */
export function toField(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** UTC with seconds, as the contract has it; undefined where the field holds no whole moment. */
export function fromField(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `2027-03-01 08:30 UTC` */
export const sayUtc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
