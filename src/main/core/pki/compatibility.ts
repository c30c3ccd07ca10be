/** How much old cryptography an endpoint takes (SCEP.md B4): AES and SHA-2; plus 3DES and SHA-1; plus single DES, MD5 and RSA-1024. */
export type Compatibility = 'strict' | 'standard' | 'legacy';
