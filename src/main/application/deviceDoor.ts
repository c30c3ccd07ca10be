/**
 * What the device listener may ask of the application: SCEP operations, published CRLs and CA certificates, OCSP, health and info.
 * No admin verb is reachable from here.
 */

/** Which endpoint a URL means (DESIGN section 5). */
export type RouteTarget =
  /** `/scep` or `/scep/<endpoint>` with any tail; `path` as the listener found it (`/scep/lab/pkiclient.exe`). */
  | { readonly kind: 'path'; readonly path: string }
  /** An alias that names no endpoint: `/cgi-bin/pkiclient.exe`, `/certsrv/mscep/mscep.dll`, `/api/v1/scep` (with `ca_id`, the authority's number). */
  | { readonly kind: 'alias'; readonly caId: string | null }
  /** `/api/v1/protocols/scep/<endpoint>/pkiclient.exe` */
  | { readonly kind: 'endpoint-name'; readonly name: string }
  /** `/api/v1/protocols/scep/raProfile/<profile>/pkiclient.exe` */
  | { readonly kind: 'profile'; readonly profile: string };

export interface DeviceRequest {
  readonly method: 'GET' | 'POST';
  readonly target: RouteTarget;
  /** The URL path asked for, for the log. */
  readonly path: string;
  /** Without the `?`; not decoded: `message` needs the raw octets (SCEP.md A2.6). */
  readonly rawQuery: string;
  readonly body: Uint8Array;
  /** The peer's address. */
  readonly source: string;
  readonly userAgent: string | null;
}

export interface DeviceReply {
  readonly status: number;
  /** Written exactly so, without parameters: certmonger compares the whole value. */
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** One question about certificates' status. */
export interface OcspQuestion {
  /** The OCSPRequest in DER, or whatever came in its place. */
  readonly request: Uint8Array;
  /** By GET, whose answers caches may keep (RFC 5019). */
  readonly byGet: boolean;
}

/** Why somebody was turned away before any message was read: by the listener, or by the door. */
export type NoiseCode =
  | 'malformed-request'
  | 'broken-off'
  | 'tls-on-plain-http'
  | 'header-too-large'
  | 'request-timeout'
  | 'body-too-large'
  | 'body-too-slow'
  | 'unknown-path'
  | 'method-not-allowed'
  | 'admin-only'
  | 'rate-limited'
  | 'too-busy'
  | 'too-many-connections'
  | 'unavailable'
  | 'http-400'
  | 'http-404'
  | 'http-405'
  | 'no-authority'
  | 'unreadable-message'
  | 'locked'
  | 'busy';

/** Unauthenticated noise that was turned away (DESIGN section 4, Audit). */
export interface Noise {
  readonly source: string;
  readonly path: string;
  readonly status: number;
  readonly code: NoiseCode;
}

export interface DeviceDoor {
  scep(request: DeviceRequest): Promise<DeviceReply>;
  /** `generation` null: the current one. */
  crl(authorityNumber: number, generation: number | null): Promise<DeviceReply>;
  caCertificate(authorityNumber: number, generation: number | null, form: 'cer' | 'pem' | 'p7c'): Promise<DeviceReply>;
  ocsp(question: OcspQuestion): Promise<DeviceReply>;
  health(): Promise<DeviceReply>;
  info(): Promise<DeviceReply>;
  noise(noise: Noise): void;
}
