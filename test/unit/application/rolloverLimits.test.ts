/** A new key is no wider reach: what limits a CA limits its next generation too. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { previewRollover } from '../../../src/main/application/rollover/preview.ts';
import { stageGeneration } from '../../../src/main/application/rollover/stage.ts';
import { constraintsOf } from '../../../src/main/core/ca/nameRules.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

function limitsOf(der: Uint8Array | null | undefined): { readonly pathLength: number | undefined; readonly constraints: unknown } {
  const parsed = der ? parseCertificate(der) : undefined;
  if (parsed?.ok !== true) throw new Error('no certificate');
  return { pathLength: parsed.value.basicConstraints?.pathLength, constraints: constraintsOf(parsed.value) };
}

describe.each(['combined', 'split'] as const)('the next generation of a CA with limits and %s keys', (scepKey) => {
  it('has the same path length and name constraints', async () => {
    office = await openOffice();
    const { authority } = must(
      await createAuthority(office.deps, { commonName: 'Narrow CA', key: 'rsa-2048', years: 10, scepKey, pathLength: 0, nameConstraints: { permitted: ['DNS:office.lan'], excluded: ['DNS:payroll.office.lan'] } }, ADMIN),
    );
    const before = limitsOf(office.deps.directory.currentGeneration(authority.id)?.certificate);
    expect(before).toMatchObject({ pathLength: 0, constraints: { permitted: [{}], excluded: [{}] } });
    expect(must(await previewRollover(office.deps, { authorityId: authority.id })).certificate?.pathLength).toBe(0);
    must(await stageGeneration(office.deps, { authorityId: authority.id }, ADMIN));
    expect(limitsOf(office.deps.directory.generation(authority.id, 2)?.certificate)).toEqual(before);
  });
});
