/**
 * Fixed vectors of the start-up self-test: published ones where they exist, else made once with OpenSSL 3.
 * The RSA and EC keys are public test keys: they guard nothing and never leave this table.
 */

export const MESSAGE = 'abc';

/** FIPS 180-4 and RFC 1321, of MESSAGE. */
export const DIGESTS = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha224: '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha384: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  sha512: 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
} as const;

/** One or more whole blocks each: FIPS 81 (single DES), OpenSSL (3DES with three keys), SP 800-38A F.2 (AES). */
export const CIPHER_VECTORS = {
  'des-cbc': {
    key: '0123456789abcdef',
    iv: '1234567890abcdef',
    plaintext: '4e6f77206973207468652074696d6520666f7220616c6c20',
    ciphertext: 'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  },
  'des-ede3-cbc': {
    key: '0123456789abcdef23456789abcdef01456789abcdef0123',
    iv: '1234567890abcdef',
    plaintext: '4e6f77206973207468652074696d6520666f7220616c6c20',
    ciphertext: 'f3c0ff026c023089656fbb169def7edb30ba36075d6f0176',
  },
  'aes-128-cbc': {
    key: '2b7e151628aed2a6abf7158809cf4f3c',
    iv: '000102030405060708090a0b0c0d0e0f',
    plaintext: '6bc1bee22e409f96e93d7e117393172a',
    ciphertext: '7649abac8119b246cee98e9b12e9197d',
  },
  'aes-192-cbc': {
    key: '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
    iv: '000102030405060708090a0b0c0d0e0f',
    plaintext: '6bc1bee22e409f96e93d7e117393172a',
    ciphertext: '4f021db243bc633d7178183a9fa071e8',
  },
  'aes-256-cbc': {
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    iv: '000102030405060708090a0b0c0d0e0f',
    plaintext: '6bc1bee22e409f96e93d7e117393172a',
    ciphertext: 'f58c4c04d6e5f1ba779eabfb5f7bfbd6',
  },
} as const;

/** PKCS #1, DER, base64. */
export const RSA_KEY =
  'MIIEowIBAAKCAQEAnpZ4wF5BD1AAT/4OgOYmpsrGi7vI/Q4jL1u0AzC2iBUegN16+G1PuIbAyyYzvoC1Sb+mm9o24/K5C6z4XL+Pil5HYg4OegjEehdimw/xrZLSbYim2IQIi4A5DwQY' +
  'vBWF01Rzt5p0Ki83/MGw/zaW53dv/cxGYDqB/v4OQDV5Im+ccrqNFHOS5BBH/RWi4TJPX+mowCR+nUijlFWHxZTbKkXIEq0jQZwhT6MESCA5bXIBXSptH/PO9SXk/+uL7iYvP9fqQVZl' +
  't/qH5NeYHDllaTd33B7/M0Bx1U77TC/QPSBblC9B/LeWyjjoGZyn5mi/ShgDCvemMFrVU6lMRLtHVQIDAQABAoIBAAEIjoVq7Sc1Uy92huUiib41Te8/tNHa7zIpiq+xkbREx38Kaeft' +
  '3EtD8DNJGWCwSo80moMSSRfzcV3J+l1p9eL28YObQ5ONms5uNAxLKivgUoXrZ4N3SMvFQbwQP7Q23QYfH24vy5xk5U+SFBWXzZusQ7WhJnsvpmsUbySsPRDogQ1L+DPqjbgLEmHbBdlP' +
  'geAeuknDqGN4xVRXnnEyj5Mad6/X8u8A6idZtOh1pL4l89+D1j8yEllThkg2AeyWGxRG9Hf4SJovt56PZtBUmnkgUgjOBaNaMBLkxZLoUx+qqlHuJykXPxqFVZgqn/EYx55K12UmhgYY' +
  'iLP/ewKLq3kCgYEA2HQA1g3UnAakD9Gd06KAcjr0aGYnw+GRje9P+oNZ7z/YRVp8qSzqBqEjnx8sxHmgWLEaSxIslmJ9rNsAPKYyS8QAU0+1c4zabaTw65Dh35D8oBgVbpGViTJc34oZ' +
  '5aW3XgEXjCaJPQNYfpEqJLNb9ljRtH7RxB2Qt09dyTsm+asCgYEAu4/59HoPE//gQV1gzvcRdmyb4+cq1aFdP39eMrGam8rVBPiB7yjZDaegupSE60lSU0/Dd8EE4GB1yBaE2DyBZYg1' +
  'xhrRmNmmacTDkAME9UMsZmWcrmtDWaRG8sn6pKmFDVzHnGTsS8UD/V+2yJTYZ6ufxT211/OGLntu37wfwv8CgYA+yRdc/9IGGB8Kv6DqPJ7Jg7RVfBxYw1t3Mk2euu8haQGQzHiQkgio' +
  'N6GfjGlt7GHImEaqM/FfBd6yfywIa6T3OTlm8R4PEHJjj46apgH+2Y2N2q6Mzgn0K/moleSBKpqP1/0+mAcC/a9ztyPkVWp9gLIDiy3Jl1Hc+laYAmKB1QKBgGeGT3OGT349dDz/2mhB' +
  '7KyNw/ml5XmmqD5dAdQ/PVQSP0OQGr+zryIfTNLPGRJ5FOyRERWvPw7NjxUSgN6NfupYpT2kHd4c/AJTLZH2aK0rF32pRjLrV3BKATMPEr4CJ0M5259SAS7NHqeiRdQue8e07enDZvQ8' +
  'IOrVDFyHjIxnAoGBAMlZj+YPqLSju9U+h5GvQXJjSbICo59nDABXLmuDxNTz/UjTDyv5SEcmaxodHbopvm4TeJDPzyoKVpU4V53c1LPaRB5VeYjV/7ncWcw6OWsqHap6rS9DPbFwjTPK' +
  'cVc8d7WC8fhSNP9hIeNMhy6GzTm7Ter/jUqp0bkfMtHr19uU';

/** SHA-256 of the (deterministic) PKCS #1 v1.5 signature of MESSAGE under RSA_KEY. */
export const RSA_SIGNATURES = {
  md5: '0d28834fef1c478ba2be36203183b6b3677b9b415ad2e42636d6bb0c307e1164',
  sha1: 'ea567c8caa7bc49b769f223530f348b25140bbbb573edf4f57d77016659068e4',
  sha224: '1830535556bf0ce3fc9ba1c0cbd5e362975003696e14abd0577419282b37b23e',
  sha256: '34a8dd208ea068b26c025266b68aa980d0f57a792f77fa68f47141da73d80340',
  sha384: 'db5f1a8d8e2ceff4dc008e18746130d846bcdbf60587ef60bf3b128ede7266ef',
  sha512: '4e021b2bd1d0e7e4675db139fe16e1a34012d90f0c9da40f4fcf88b1f78e0966',
} as const;

/** MESSAGE under RSA_KEY: PSS with SHA-256 and a salt of 32 bytes; OAEP with SHA-1. */
export const PSS_SIGNATURE =
  'JQRoJQHw2PT6ddLkBUBPhOM6Zqk+10r1UNCfeqDfn4HQBBAiytiToO355/GmeCmE+tjxCCT2cYw6H9CHZTyEx/MDrjsQbC2K2RLTqqpDQNDNjfBG6i2+CeIzEfL9xvvqbuqZKo7mLEEe' +
  'bKQm/0fpfvawOoW8SeN+FcILXevMLHyC5ytGftltQenBwrGX5+PidFnJuq55ma0lcJo2W6EMYOs+BKhZY8I8qvxCsV+5qYfiaf4AavwqCz5CLs499qgo3MNUgJ9H7NBN1OH/hG6Ka5ck' +
  '0+UvLwhvE5a6kN6CEvm9Ms6XM8G4dWQmRzq59ktTgdBk3GuDF6J7MpM2eB46hQ==';
export const OAEP_CIPHERTEXT =
  'TSnjrgizgZboNOQh0ezELwfA8yVuHZk3SRY9SLnKuhDDsXpreaLev3D3eiue7C6SbaNGugv6EOLoOjdnAoXVL6FbwgXX1vJb7dNR55mj5rMo7Bw2NMxgUi6aFFGs6VQr8hRimLeVr/OU' +
  'cVMABbCko+6dZ4g4DqxhzD2ZdZjufMTOBG2TAoX/6yiEsEu28fD5pVeXDi0pUHo7vOdHABj9hGblJ6kark1pxnLXgUHWSFi8e+fHSSNhSvgk3hBCpsqOl48NXdwD429KL8GdAyjEjfTl' +
  'd7UO9V4slBGgg1dfAeaXiO1P0vo/0mavF1HEVPfo4AzPLzgDUR+3yuUBO1yq/g==';

/** ECDSA of MESSAGE with the curve's usual digest. */
export const ECDSA_VECTORS = [
  {
    curve: 'P-256',
    digest: 'sha256',
    spki:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB/VjD8XqYsmcT6a/dINzP00bPd+7jd2ERWJc5KyZpv9AYWodO/HcPda2Atwz9vEHZdP++1pHyuIoTMRkaGFtYg==',
    pkcs8:
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6SbxA/6zo53lQ8dUhWhdANHqfEXaenFgJ8eC7zwpt/uhRANCAAQH9WMPxepiyZxPpr90g3M/TRs937uN3YRFYlzkrJmm' +
      '/0Bhah078dw91rYC3DP28Qdl0/77WkfK4ihMxGRoYW1i',
    signature: 'MEMCIBh1AVSAyzDZXaJkwAY1rGU0i9DDe12OzlTArGzyY9MbAh81mM7lq+hEEzpU2RWIB5+yquU/7x7fvFEbduo7rir7',
  },
  {
    curve: 'P-384',
    digest: 'sha384',
    spki:
      'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEi6u5vpazhl2krAnPEfY/76tQjYQ5pqMCG5SQX3vgf0sITJyb9B8noMpHewQiKRdCGqDWtLtTOTCqsoWz2StDxCOvnWWgpDqTdmKeezjxeK7Q' +
      'VBEJOLEC3pxtAr1IMwwc',
    pkcs8:
      'MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBDwQdbhFdYBBEKuYNE3Ze4wkP7XjcofBEdPUclf61bGVU0WJ9lwZwFTSJQdikIx36hZANiAASLq7m+lrOGXaSsCc8R9j/v' +
      'q1CNhDmmowIblJBfe+B/SwhMnJv0Hyegykd7BCIpF0IaoNa0u1M5MKqyhbPZK0PEI6+dZaCkOpN2Yp57OPF4rtBUEQk4sQLenG0CvUgzDBw=',
    signature: 'MGQCMH/rO7ZHuQ/JXnZpsw4iAg95aDAQDJV+dOkUvTzXFCm7Ldxh/R0Zwt6OKBdFSYf0DgIwAoDnoecyzvWq4YNwSMpvlmqeIHDaSyFncIJJTGUzhU28NyWoOXCD2G3NS+yHtNUB',
  },
  {
    curve: 'P-521',
    digest: 'sha512',
    spki:
      'MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAmR6EPXJnhyXC0PE9DLMrp8KO6VgWm+b5U9AGTI5xW7KOzeMRveA6JxEDaulccrP7c966ipY0XPuN6YPUZUGNPlMAVvPPrkAcnYnTxrj/' +
      'S3HlpEALRUZkHXLP85yYO2CfdDx5A7VzFbOlaj/K7dWGSUeclF3+zZT95+L4bwEb1wJUqTo=',
    pkcs8:
      'MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIBgRWEz4UgteI4GSV4oLSqeb3Im5TuHz0XG/Wr5z7mg85xG0lQjBbaCMNXmDWyXbm5rVbsnSmb2w3V5ICX3BWohCOhgYkD' +
      'gYYABACZHoQ9cmeHJcLQ8T0Msyunwo7pWBab5vlT0AZMjnFbso7N4xG94DonEQNq6Vxys/tz3rqKljRc+43pg9RlQY0+UwBW88+uQBydidPGuP9LceWkQAtFRmQdcs/znJg7YJ90PHkD' +
      'tXMVs6VqP8rt1YZJR5yUXf7NlP3n4vhvARvXAlSpOg==',
    signature: 'MIGIAkIAgTGTcz36m53duvynxKlOjuuU34Kk4yaUCWPLRy84eCDAIrvQL01hD4fnwVJIhcE/B+jnY+nKCJ4jkpxwKNkjF+UCQgFTGeGLsDAGHGWWSkezWO0FEPkomXhGpShm/bTNekeH' +
      'XKjanF9KQQru6FXiN9KV9lzK53R+sT6NFrAdmAd//wAr3g==',
  },
] as const;

/** RFC 8032 section 7.1, test 2. */
export const ED25519_VECTOR = {
  secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature: '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
} as const;

/** The GCM specification's test case 14: key, IV and one block of zeros. */
export const AES_256_GCM_VECTOR = { ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18', tag: 'd0d1c8a799996bf0265b98b5d48ab919' } as const;

/** RFC 4231 test 2: key `Jefe`. */
export const HMAC_SHA256_VECTOR = { key: 'Jefe', data: 'what do ya want for nothing?', mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' } as const;

/** RFC 6070 test 1: `password`, `salt`, one iteration, SHA-1. */
export const PBKDF2_VECTOR = '0c60c80f961f0e71f3a9b524af6012062fe037a6';

/** RFC 7914 section 12, first test: empty password and salt, N = 16, r = 1, p = 1. */
export const SCRYPT_VECTOR = '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906';

/** RFC 5869 A.1. */
export const HKDF_VECTOR = {
  secret: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
  salt: '000102030405060708090a0b0c',
  info: 'f0f1f2f3f4f5f6f7f8f9',
  output: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
} as const;
