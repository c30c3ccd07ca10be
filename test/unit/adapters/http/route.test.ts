import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMessage, printable, routeOf, splitTarget, type Route } from '../../../../src/main/adapters/http/route.ts';

const routed = (target: string): Route => routeOf(splitTarget(target));
const scepPath = (path: string): Route => ({ kind: 'scep', target: { kind: 'path', path } });
const alias = (caId: string | null = null): Route => ({ kind: 'scep', target: { kind: 'alias', caId } });

describe('routeOf', () => {
  it.each<[string, Route]>([
    ['/scep', scepPath('/scep')],
    ['/scep/', scepPath('/scep')],
    ['/SCEP', scepPath('/scep')],
    ['/scep/pkiclient.exe', scepPath('/scep/pkiclient.exe')],
    ['/scep/Lab/pkiclient.exe', scepPath('/scep/Lab/pkiclient.exe')],
    ['/scep/my%20lab/junk/and/more', scepPath('/scep/my lab/junk/and/more')],
    ['//scep//pkiclient.exe', scepPath('/scep/pkiclient.exe')],
    ['http://ca.office.lan:8080/scep/lab?operation=GetCACaps', scepPath('/scep/lab')],
    ['/cgi-bin/pkiclient.exe', alias()],
    ['/cgi-bin/pkiclient.exe/pkiclient.exe', alias()],
    ['/certsrv/mscep/mscep.dll', alias()],
    ['/CertSrv/mscep/mscep.dll/pkiclient.exe', alias()],
    ['/api/v1/scep', alias()],
    ['/api/v1/scep/pkiclient.exe', alias()],
    ['/api/v1/scep?operation=GetCACert&ca_id=2', alias('2')],
    ['/api/v1/scep?ca_id=', alias()],
    ['/api/v1/scep?ca_id=%37', alias('7')],
    ['/api/v1/protocols/scep/lab/pkiclient.exe', { kind: 'scep', target: { kind: 'endpoint-name', name: 'lab' } }],
    ['/api/v1/protocols/scep/raProfile/user/pkiclient.exe', { kind: 'scep', target: { kind: 'profile', profile: 'user' } }],
  ])('A2.2 takes %s for SCEP', (target, route) => {
    expect(routed(target)).toEqual(route);
  });

  it.each<[string, Route]>([
    ['/crl/1.crl', { kind: 'crl', authority: 1, generation: null }],
    ['/crl/1/2.crl', { kind: 'crl', authority: 1, generation: 2 }],
    ['/crl/01/2.CRL', { kind: 'crl', authority: 1, generation: 2 }],
    ['/ca/3.cer', { kind: 'ca-certificate', authority: 3, generation: null, form: 'cer' }],
    ['/ca/3/1.cer', { kind: 'ca-certificate', authority: 3, generation: 1, form: 'cer' }],
    ['/ca/3.pem', { kind: 'ca-certificate', authority: 3, generation: null, form: 'pem' }],
    ['/ca/3/1.p7c', { kind: 'ca-certificate', authority: 3, generation: 1, form: 'p7c' }],
    ['/api/v1/scep/health', { kind: 'health' }],
    ['/api/v1/scep/info', { kind: 'info' }],
    ['/api/v1/scep-info', { kind: 'info' }],
    ['/api/v1/scep/configuration', { kind: 'configuration' }],
    ['/api/v1/scep/configuration?token=x', { kind: 'configuration' }],
    ['/ocsp', { kind: 'ocsp', encoded: '' }],
    ['/OCSP/', { kind: 'ocsp', encoded: '' }],
    ['/ocsp/MFE//a+b%2F=/c', { kind: 'ocsp', encoded: 'MFE//a+b%2F=/c' }],
    ['//ocsp//MFE', { kind: 'ocsp', encoded: '/MFE' }],
    ['http://ca.office.lan:8080/ocsp/MFE', { kind: 'ocsp', encoded: 'MFE' }],
  ])('finds what is published at %s', (target, route) => {
    expect(routed(target)).toEqual(route);
  });

  it.each([
    '/',
    '',
    '/scepter',
    '/cgi-bin',
    '/cgi-bin/other.exe',
    '/certsrv/mscep_admin/',
    '/ocsps',
    '/x/ocsp',
    '/crl',
    '/crl/1',
    '/crl/x.crl',
    '/crl/1/2/3.crl',
    '/crl/-1.crl',
    '/crl/12345678901234567890.crl',
    '/ca/1.key',
    '/ca/1',
    '/api/v1',
    '/api/v2/scep',
    '/api/v1/protocols/scep',
    '/api/v1/protocols/scep/raProfile',
    '/api/call/status.get',
  ])('knows nothing at %s', (target) => {
    expect(routed(target)).toEqual({ kind: 'unknown' });
  });

  it('leaves the query as it came (A2.6: the plus of base64 must not become a space)', () => {
    expect(splitTarget('/scep?operation=PKIOperation&message=a+b%2B/c?d#e')).toEqual({
      path: '/scep',
      rawQuery: 'operation=PKIOperation&message=a+b%2B/c?d#e',
    });
  });

  it('has an answer for any target whatever', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (target) => typeof routed(target).kind === 'string'));
    fc.assert(fc.property(fc.webPath(), (target) => typeof routed(target).kind === 'string'));
  });
});

describe('isMessage', () => {
  it.each(['operation=GetCACaps', 'operation=getcacert&message=0', 'message=&operation=GetNextCACert', 'operation=GetCACertChain'])(
    'J.17 lets %s go uncounted',
    (query) => {
      expect(isMessage('GET', query)).toBe(false);
    },
  );

  it.each([
    'operation=PKIOperation&message=AA',
    'operation=pkioperation',
    'operation=PKIOperatio%6E&message=AA',
    '%6Fperation=PKIOperation&operation=GetCACaps',
    'operation=PKIOperation&operation=GetCACaps',
    'operation=GetCACaps&operation=PKIOperation',
    'operation=GetCACaps%20',
    'OPERATION=PKIOperation&operation=GetCACaps',
    '',
  ])('A12.7 counts whatever may cost a private key: %s', (query) => {
    expect(isMessage('GET', query)).toBe(true);
  });

  it('A2.4 counts every POST', () => {
    expect(isMessage('POST', '')).toBe(true);
    expect(isMessage('POST', 'operation=GetCACaps')).toBe(true);
  });
});

describe('printable', () => {
  it('keeps a path that a log can bear', () => {
    expect(printable('/scep/lab')).toBe('/scep/lab');
  });

  it('escapes what could forge a line or steer a terminal', () => {
    expect(printable('/a\r\nb\u001b[2J\u0085é')).toBe('/a\\x0d\\x0ab\\x1b[2J\\x85\\xe9');
  });

  it('never gives more than 200 characters, none of them a control', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (path) => {
        expect(printable(path)).toMatch(/^[\x20-\x7e]{0,200}$/);
      }),
    );
  });
});
