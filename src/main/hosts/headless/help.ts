/** The words of `countersign --help`. A command stands here when it works. */

export const HELP = `Countersign: a certificate authority that signs only what its admin has countersigned.

  countersign serve [--data DIR] [--scep-host 127.0.0.1] [--scep-port 8080] [--admin-port 8081]
                    [--vault keychain|passphrase] [--passphrase-file FILE] [--public-base-url URL]
                    [--rate-limit N|off] [--json]
      Starts the CA: SCEP for devices, and the admin page on loopback. Port 0 takes a free one.
      The passphrase comes from COUNTERSIGN_PASSPHRASE or from the file, never from a flag.

  countersign open                                   prints a new admin address (works once, for ten minutes)
  countersign requests [--state STATE] [--json]      lists the queue, waiting requests unless told otherwise
  countersign approve ID [--fingerprint TEXT]        approves; with a fingerprint only if it is this request's
  countersign refuse ID [--reason TEXT]              refuses
  countersign challenge [--device NAME] [--expires 24h] [--endpoint PATH] [--profile ID]
                        [--subject DN] [--san NAME]… [--uses N] [--json]
                                                     prints a one-time password for a device
  countersign audit verify [FILE|DIR] [--key FP]     checks the audit log: of the running server, of a stopped
                                                     server's folder, or of an exported file
  countersign backup [--out FILE] [--json]           makes a backup of everything and proves it by a trial restore
  countersign backup verify FILE                     tries a backup out, without a server
  countersign restore FILE --vault keychain|passphrase [--passphrase-file FILE]
                                                     restores a backup into an empty --data folder
                                                     The backup's passphrase: COUNTERSIGN_BACKUP_PASSPHRASE,
                                                     --backup-passphrase-file FILE, the schedule's, or typed
  countersign migrate FILE|FOLDER… [--passphrase-file FILE] [--profile ID] [--kind KIND] [--ca SHA256] [--apply] [--json]
                                                     what a CA of openssl, XCA, step-ca, micromdm, AD CS or a PKCS #12
                                                     would bring: a dry run; with --apply it is imported
                                                     The files' passphrase: COUNTERSIGN_FILE_PASSPHRASE, or the file
  countersign export-ca --out FOLDER [--ca NAME] [--key-passphrase-file FILE] [--passphrase-file FILE] [--without-key] [--json]
                                                     a CA as openssl's ca lays it out, its key encrypted under
                                                     COUNTERSIGN_KEY_PASSPHRASE; needs the vault's passphrase again
  countersign courier pair --authority NAME --name NAME [--out FILE]
                                                     invites another machine to serve an authority whose
                                                     CA key stays here, offline
  countersign courier pair FILE [--fingerprint FP] [--name NAME] [--out FILE]
                                                     shows whose pairing file it is; with the fingerprint that
                                                     was compared: accepts or confirms it
  countersign courier export [--out FILE] [--pairing ID] [--everything]
                                                     writes what the other machine needs: requests, or certificates
  countersign courier import FILE [--accept-granted] takes in what the other machine wrote
  countersign courier status | end PAIRING           pairings and what waits in them; ends one
  countersign inspect FILE [--key PEM]               explains a captured SCEP message
  countersign doctor                                 checks data folder, keys, clock, ports, audit chain, cryptography
  countersign call CHANNEL [JSON|-]                  any channel of the admin contract; JSON out

  countersign --help | --version

Every command takes --data DIR; else COUNTERSIGN_DATA, else the system's place for it.
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no server. Errors are JSON on standard error unless a terminal shows them.
`;
