import { describe, expect, it } from 'vitest';
import { type DecodedOperation, decodeOperation } from '../../../../src/main/core/scep/operation.ts';

// Bytes whose base64 has every awkward character: +, /, and padding.
const MESSAGE = Uint8Array.from({ length: 100 }, (_, i) => (i * 37 + 0xfb) & 0xff);
const BASE64 = Buffer.from(MESSAGE).toString('base64');
const NOTHING = new Uint8Array(0);

const get = (rawQuery: string): DecodedOperation => decodeOperation({ method: 'GET', rawQuery, body: NOTHING });
const post = (rawQuery: string, body: Uint8Array = MESSAGE): DecodedOperation => decodeOperation({ method: 'POST', rawQuery, body });
const carried = (message: string): Uint8Array | undefined => {
  const decoded = get(`operation=PKIOperation&message=${message}`);
  return decoded.kind === 'pki-operation' ? decoded.message : undefined;
};

describe('decodeOperation', () => {
  it('A2.1 A2.3 knows each operation of RFC 8894 and nothing else', () => {
    expect(BASE64).toMatch(/\+.*\/|\/.*\+/);
    for (const operation of ['GetCACaps', 'GetCACert', 'GetNextCACert'])
      expect(get(`operation=${operation}`)).toEqual({ kind: 'ca-query', operation, caIdentifier: undefined });
    expect(get(`operation=PKIOperation&message=${encodeURIComponent(BASE64)}`)).toEqual({
      kind: 'pki-operation',
      operation: 'PKIOperation',
      message: MESSAGE,
      emptyContent: true,
    });
    for (const query of ['operation=GetEverything', 'operation=', '', 'message=x', 'operations=GetCACaps'])
      expect(get(query)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('A2.3 takes the operation in any case and the parameters in any order', () => {
    expect(get('operation=getcacaps')).toMatchObject({ operation: 'GetCACaps' });
    expect(get('OPERATION=GETCACERT&Message=x')).toMatchObject({ operation: 'GetCACert', caIdentifier: 'x' });
    expect(get(`message=${encodeURIComponent(BASE64)}&operation=PKIOperation`)).toMatchObject({ message: MESSAGE });
    expect(get('ca_id=1&operation=%47etCACaps')).toMatchObject({ operation: 'GetCACaps' });
  });

  it('A2.3b names GetCACertChain, so that it can be answered in its own way', () => {
    expect(get('operation=GetCACertChain&message=0')).toMatchObject({ operation: 'GetCACertChain', caIdentifier: '0' });
  });

  it('A2.4 takes a POST without operation for PKIOperation and refuses any other operation there', () => {
    for (const query of ['', 'operation=PKIOperation', 'operation=pkioperation', 'operation='])
      expect(post(query)).toEqual({ kind: 'pki-operation', operation: 'PKIOperation', message: MESSAGE, emptyContent: false });
    for (const operation of ['GetCACert', 'GetCACaps', 'nonsense']) expect(post(`operation=${operation}`)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('A2.5 takes the body of a POST as it is', () => {
    expect(post('operation=PKIOperation', Uint8Array.of(0, 10, 13, 255))).toMatchObject({ message: Uint8Array.of(0, 10, 13, 255) });
    expect(post('operation=PKIOperation', NOTHING)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it.each([
    ['fully escaped (certmonger)', encodeURIComponent(BASE64)],
    ['raw + and / with only = escaped (macOS)', BASE64.replaceAll('=', '%3D')],
    ['nothing escaped (jscep)', BASE64],
    ['+ that became a space', BASE64.replaceAll('+', ' ')],
    ['+ that became an escaped space', BASE64.replaceAll('+', '%20')],
    ['%0A every 64 characters and at the end (IOS, sscep)', `${BASE64.replace(/.{64}/g, '$&%0A').replaceAll('=', '%3D')}%0A`],
    ['CRLF line ends', BASE64.replace(/.{64}/g, '$&%0D%0A')],
    ['without padding', BASE64.replaceAll('=', '')],
    ['URL-safe (micromdm 2.1)', BASE64.replaceAll('+', '-').replaceAll('/', '_')],
    ['URL-safe without padding', BASE64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
    ['escaped twice', encodeURIComponent(encodeURIComponent(BASE64))],
    ['lower-case escapes', encodeURIComponent(BASE64).replace(/%[0-9A-F]{2}/g, (e) => e.toLowerCase())],
  ])('A2.6 J.4 reads base64 %s', (_, form) => {
    expect(carried(form)).toEqual(MESSAGE);
  });

  it('A2.6 refuses what is no base64, with 400', () => {
    for (const form of ['', 'a', '!!!!', '%zz', 'AAAA%', 'QUJD=QUJD'])
      expect(get(`operation=PKIOperation&message=${form}`)).toMatchObject({ kind: 'refused', status: 400 });
    expect(get('operation=PKIOperation')).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('A2.7 J.4 reads a message of 100 KB', () => {
    const large = Buffer.alloc(100_000, 0xfb);
    expect(carried(encodeURIComponent(large.toString('base64')))).toEqual(new Uint8Array(large));
  });

  it('A2.8 gives out the CA identifier as text, never decoded as base64, and needs none', () => {
    const identifierOf = (query: string): string | undefined => {
      const decoded = get(`operation=GetCACert${query}`);
      return decoded.kind === 'ca-query' ? decoded.caIdentifier : 'refused';
    };
    expect(identifierOf('')).toBeUndefined();
    expect(['&message=', '&message', '&message=0', '&message=%20', '&message=my%2Fca', '&message=!!!'].map(identifierOf)).toEqual([
      '',
      '',
      '0',
      ' ',
      'my/ca',
      '!!!',
    ]);
  });

  it('A2.13 refuses other methods with 405', () => {
    for (const method of ['HEAD', 'PUT', 'OPTIONS', 'get'])
      expect(decodeOperation({ method, rawQuery: 'operation=GetCACaps', body: NOTHING })).toMatchObject({ kind: 'refused', status: 405 });
  });

  it('J.1 asks for the empty content after a GET and after a POST whose query carries a message', () => {
    expect(get(`operation=PKIOperation&message=${encodeURIComponent(BASE64)}`)).toMatchObject({ emptyContent: true });
    expect(post('operation=PKIOperation&message=')).toMatchObject({ emptyContent: true, message: MESSAGE });
    expect(post('operation=PKIOperation')).toMatchObject({ emptyContent: false });
  });
});
