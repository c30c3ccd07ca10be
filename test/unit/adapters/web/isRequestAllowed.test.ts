import { describe, expect, it } from 'vitest';
import { isRequestAllowed } from '../../../../src/main/adapters/web/isRequestAllowed.ts';

const PORT = 8081;
const own = '127.0.0.1:8081';

describe('who may talk to the admin listener', () => {
  it.each([
    // what, Host, Origin, port, allowed
    ['the command line', own, undefined, PORT, true],
    ['localhost by name', 'localhost:8081', undefined, PORT, true],
    ['localhost in capitals', 'LocalHost:8081', undefined, PORT, true],
    ['loopback of IPv6', '[::1]:8081', undefined, PORT, true],
    ['its own page', own, 'http://127.0.0.1:8081', PORT, true],
    ['its own page under another loopback name', own, 'http://localhost:8081', PORT, true],
    ['HTTP’s own port left out', '127.0.0.1', undefined, 80, true],
    ['HTTP’s own port written', 'localhost:80', 'http://localhost', 80, true],
    ['no Host at all', undefined, undefined, PORT, false],
    ['an empty Host', '', undefined, PORT, false],
    ['DNS rebinding: a stranger’s name that resolves to loopback', 'evil.example:8081', undefined, PORT, false],
    ['a name that only begins like ours', 'localhost.evil.example:8081', undefined, PORT, false],
    ['another port’s Host', '127.0.0.1:9999', undefined, PORT, false],
    ['no port although it is not HTTP’s', '127.0.0.1', undefined, PORT, false],
    ['another address of this computer', '192.0.2.7:8081', undefined, PORT, false],
    ['all addresses', '0.0.0.0:8081', undefined, PORT, false],
    ['a page of another site', own, 'https://evil.example', PORT, false],
    ['a page of another program on this computer', own, 'http://127.0.0.1:3000', PORT, false],
    ['a page over HTTPS on our port', own, 'https://127.0.0.1:8081', PORT, false],
    ['a sandboxed frame or a file', own, 'null', PORT, false],
    ['an empty Origin', own, '', PORT, false],
  ] as const)('%s', (_what, host, origin, port, allowed) => {
    expect(isRequestAllowed({ host, origin, port })).toBe(allowed);
  });
});
