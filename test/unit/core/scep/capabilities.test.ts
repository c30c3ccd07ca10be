import { describe, expect, it } from 'vitest';
import type { Compatibility } from '../../../../src/main/core/pki/compatibility.ts';
import { capabilitiesText } from '../../../../src/main/core/scep/capabilities.ts';

const words = (compatibility: Compatibility, more: { announceSha384?: boolean; nextCa?: boolean } = {}): string[] =>
  capabilitiesText({ compatibility, announceSha384: false, nextCa: false, ...more }).split('\n');

describe('capabilitiesText', () => {
  it('A3.2 A3.6 announces the recommended keywords, single words beside SCEPStandard', () => {
    const recommended = ['AES', 'DES3', 'POSTPKIOperation', 'Renewal', 'SCEPStandard', 'SHA-1', 'SHA-256', 'SHA-512'];
    expect(words('standard')).toEqual(recommended);
    expect(words('legacy')).toEqual(recommended);
  });

  it('A3.6 B4 leaves DES3 and SHA-1 out where they are refused', () => {
    expect(words('strict')).toEqual(['AES', 'POSTPKIOperation', 'Renewal', 'SCEPStandard', 'SHA-256', 'SHA-512']);
  });

  it('announces GetNextCACert only while a successor can be served', () => {
    expect(words('standard', { nextCa: true })).toContain('GetNextCACert');
    expect(words('standard')).not.toContain('GetNextCACert');
  });

  it('J.15 adds the unregistered SHA-384 behind its switch', () => {
    expect(words('standard', { announceSha384: true })).toContain('SHA-384');
    expect(words('standard')).not.toContain('SHA-384');
  });

  it('A3.1 A3.3 A3.4 A3.5 is short plain text with one registered keyword a line, no blank line, no trailing space, no BOM', () => {
    const registered = ['AES', 'DES3', 'GetNextCACert', 'POSTPKIOperation', 'Renewal', 'SCEPStandard', 'SHA-1', 'SHA-256', 'SHA-512'];
    for (const compatibility of ['strict', 'standard', 'legacy'] as const) {
      const text = capabilitiesText({ compatibility, announceSha384: false, nextCa: true });
      expect(text.length).toBeLessThan(1024);
      expect(text).toMatch(/^[A-Za-z0-9-]+(\n[A-Za-z0-9-]+)*$/);
      for (const word of text.split('\n')) expect(registered).toContain(word);
    }
  });
});
