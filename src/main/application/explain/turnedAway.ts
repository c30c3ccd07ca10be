/** What was turned away before any message was read (SCEP.md A2, G; PEERS.md 3). */
import type { NoiseCode } from '../deviceDoor.ts';
import { type Explanation, failed } from './explanation.ts';

const TURNED_AWAY = 'was turned away';
const LATER = 'was asked to come back later';
const STRANGER = 'A browser or a network scanner does this too: if no device of yours is at this address, there is nothing to do.';

const wrongPath = failed(
  TURNED_AWAY,
  'There is nothing at the path that was asked for.',
  ['Give the device the URL that the endpoint’s page shows: /scep, or /scep/ and the endpoint’s name.', STRANGER],
  { 'Cisco IOS': 'IOS appends /pkiclient.exe to the enrolment URL by itself: leave that off.', 'Canon printer': 'Where only a server of NDES’s kind can be chosen, give /certsrv/mscep/mscep.dll.' },
);

const wrongMethod = failed(TURNED_AWAY, 'SCEP uses GET and POST, and nothing else is answered here.', ['Check the URL: it may be meant for another service on the same address.', STRANGER]);

const overloaded = failed(LATER, 'More messages came at once than are worked on together.', ['Nothing, if the device tries again by itself.', 'If it goes on, roll out to fewer devices at a time.']);

const broken = failed(TURNED_AWAY, 'The request broke off, or was no HTTP.', ['Look at the network between the device and this server.', STRANGER]);

export const TURNED_AWAY_WITH: Readonly<Record<NoiseCode, Explanation>> = {
  'malformed-request': broken,
  'broken-off': broken,
  'tls-on-plain-http': failed(
    TURNED_AWAY,
    'The device spoke HTTPS to a port that speaks HTTP. SCEP protects its messages itself and needs no HTTPS.',
    ['Write the URL with http:// on the device.'],
    { Windows: 'If the profile insists on https, put a reverse proxy in front that asks for no client certificate.' },
  ),
  'header-too-large': failed(TURNED_AWAY, 'The request line and headers were longer than 128 KiB.', ['Let the device send its messages by POST; a proxy on the way may be adding headers.']),
  'request-timeout': failed(TURNED_AWAY, 'The request took too long to arrive.', ['Look at the network between the device and this server.', STRANGER]),
  'body-too-large': failed(TURNED_AWAY, 'The message was longer than 1 MiB; real ones have a few kilobytes.', [STRANGER]),
  'body-too-slow': failed(TURNED_AWAY, 'The message took too long to arrive.', ['Look at the network between the device and this server.', STRANGER]),
  'unknown-path': wrongPath,
  'http-404': wrongPath,
  'method-not-allowed': wrongMethod,
  'http-405': wrongMethod,
  'admin-only': failed(TURNED_AWAY, 'Somebody asked the device listener for what only the admin listener answers.', ['Ask the admin listener, on this machine and with its token.', STRANGER]),
  'rate-limited': failed(
    LATER,
    'This address sent more messages in a minute than one device needs.',
    ['Nothing, if the device tries again by itself.', 'If many devices share the address (behind address translation or a proxy), raise --rate-limit.'],
  ),
  'too-busy': overloaded,
  busy: overloaded,
  'too-many-connections': overloaded,
  unavailable: failed(LATER, 'Something went wrong inside, most often with the disk.', ['Read the log of the program at this time.']),
  'http-400': failed(
    TURNED_AWAY,
    'The URL names no operation of SCEP, or its message is not base64.',
    ['Check the URL on the device: it ends with the endpoint’s path, and the device appends “?operation=…” itself.', STRANGER],
  ),
  'no-authority': failed(LATER, 'There is no authority with a certificate behind this address yet.', ['Create an authority, or install the certificate that it awaits.']),
  'unreadable-message': failed(TURNED_AWAY, 'The message is no SCEP message: nothing in it says to whom an answer could go.', ['Look for a proxy that changes bodies, and capture the message for “countersign inspect”.', STRANGER]),
  locked: failed(LATER, 'The vault is locked, so no message can be opened or signed. Nothing was judged or spent.', ['Unlock the vault; devices that try again by themselves then go on.'], {
    'Apple device': 'It tries three times within half a minute and then gives up: install the profile again after unlocking.',
  }),
};
