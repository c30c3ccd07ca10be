/** An endpoint's rules: where it is, who signs, who gets a certificate, how renewals go, how much old cryptography it takes. */
import { Checkbox, NativeSelect, Switch, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { Note } from '../../design/Note.tsx';
import { PageHeader, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import { Address } from './Address.tsx';
import { Choices } from './Choices.tsx';
import { DifficultClients } from './DifficultClients.tsx';
import styles from './endpoints.module.css';
import { SaveBar } from './SaveBar.tsx';
import { useDraft } from './useDraft.ts';
import { Supersession } from './Supersession.tsx';
import { AUTHORIZATION, COMPATIBILITY, type Endpoint, type Profile, RENEWAL } from './words.ts';

export interface EndpointFormProps {
  readonly held: Endpoint;
  readonly isNew: boolean;
  readonly authorities: Output<'authorities.list'>['items'];
  readonly profiles: readonly Profile[];
}

export function EndpointForm({ held, isNew, authorities, profiles }: EndpointFormProps): ReactNode {
  const { draft, set, changes, dirty, outdated, version, reset, saved } = useDraft(held);
  const [accepted, setAccepted] = useState(false);
  const save = useVerb('endpoints.save', {
    touches: ['endpoints.list', 'status.get'],
    onDone: (endpoint) => {
      announce(`The endpoint ${endpoint.path} is saved`);
      setAccepted(false);
      if (isNew) navigate(pathTo(['endpoints', endpoint.id]), { replace: true, settled: true });
      else saved(endpoint);
    },
  });
  const problem = save.error?.problem;
  const errors = { ...fieldProblem(problem, ['path']), ...(problem?.code === 'path-taken' ? { path: problem.message } : {}) };
  const newlyLegacy = draft.compatibility === 'legacy' && held.compatibility !== 'legacy';
  const chosen = authorities.find(({ id }) => id === draft.authorityId);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { id: _id, version: _version, url: _url, ...fields } = draft;
    const { url: _changedUrl, ...changed } = changes;
    save.mutate(isNew ? fields : { ...changed, id: held.id, version });
  };
  const discard = (): void => {
    save.reset();
    setAccepted(false);
    if (isNew) navigate('/endpoints', { settled: true });
    else reset();
  };
  return (
    <form onSubmit={submit} noValidate className={styles.editor}>
      <div className={styles.head}>
        <PageHeader
          title={isNew ? 'New endpoint' : held.path}
          actions={!isNew && <StateBadge look={held.enabled ? { word: 'Open', tone: 'good', icon: 'check' } : { word: 'Off', tone: 'quiet', icon: 'stop' }} />}
        />
      </div>
      <div className={styles.page}>
        <div className={styles.detail}>
          {!isNew && <Address endpoint={held} />}
          <Section title="Address and certificates">
            <div className={styles.stack}>
              <TextInput
                label="Path"
                description="/scep, or /scep/ and a name of small letters, digits, dots and dashes."
                required
                maxLength={64}
                maw={460}
                classNames={{ input: 'mono' }}
                value={draft.path}
                error={errors.path}
                onChange={(event) => {
                  save.reset();
                  set({ path: event.currentTarget.value });
                }}
              />
              {!isNew && draft.path !== held.path && (
                <Note tone="warning" title="Its URL changes">
                  Devices that know the old one find nobody there, for renewals too.
                </Note>
              )}
              <div className={styles.pair}>
                <NativeSelect
                  label="Authority"
                  description="Signs what is asked for here."
                  value={draft.authorityId}
                  data={authorities.map(({ id, commonName }) => ({ value: id, label: commonName }))}
                  onChange={(event) => {
                    set({ authorityId: event.currentTarget.value });
                  }}
                />
                <NativeSelect
                  label="Profile"
                  description={
                    <>
                      What the certificates contain. <Link to={pathTo(['endpoints', 'profiles', draft.profileId])} fz="inherit" underline="always">Look at it</Link>
                    </>
                  }
                  value={draft.profileId}
                  data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
                  onChange={(event) => {
                    set({ profileId: event.currentTarget.value });
                  }}
                />
              </div>
              {chosen?.fingerprints === null && (
                <Note tone="notice" title={`${chosen.commonName} awaits its certificate`}>
                  Until that is installed nothing is issued here.
                </Note>
              )}
              <Switch
                label="Open"
                description="Off: devices are told that nothing is here. What waits for you stays."
                checked={draft.enabled}
                onChange={(event) => {
                  set({ enabled: event.currentTarget.checked });
                }}
              />
            </div>
          </Section>
          <Section title="Who gets a certificate">
            <Choices
              label="Who gets a certificate"
              hideLabel
              choices={AUTHORIZATION}
              value={draft.authorization}
              onChange={(authorization) => {
                set({ authorization });
              }}
            />
          </Section>
          <Section title="Renewals">
            <p className={styles.lead}>A device renews by signing with its valid certificate from this authority. It needs no challenge, and gets nothing beyond what it has.</p>
            <div className={styles.pair}>
              <NativeSelect
                label="In time"
                description="Within the profile’s renewal window."
                value={draft.renewal}
                data={[...RENEWAL]}
                onChange={(event) => {
                  set({ renewal: ruleOf(event.currentTarget.value) });
                }}
              />
              <NativeSelect
                label="Earlier than that"
                description="A device that was reset, or renews when it likes."
                value={draft.earlyRenewal}
                data={[...RENEWAL]}
                onChange={(event) => {
                  set({ earlyRenewal: ruleOf(event.currentTarget.value) });
                }}
              />
            </div>
            <div className={styles.below}>
              <Supersession
                days={draft.supersedeAfterDays}
                onChange={(supersedeAfterDays) => {
                  set({ supersedeAfterDays });
                }}
              />
            </div>
          </Section>
          <Section title="Old cryptography">
            <Choices
              label="Old cryptography"
              hideLabel
              choices={COMPATIBILITY}
              value={draft.compatibility}
              onChange={(compatibility) => {
                set({ compatibility });
              }}
            />
            {draft.compatibility === 'legacy' && (
              <div className={styles.below}>
                <Note tone="warning" title="Whoever listens on the network can break single DES">
                  The challenge and what a device asks for may be read by others, and MD5 lets a message be forged; RSA keys of 1024 bits are within reach of an attacker with money. Use it on a network that only this gear is on, for as long as it lasts, and
                  hold its requests for your approval.
                </Note>
                {newlyLegacy && (
                  <Checkbox
                    label="I accept this for the devices of this endpoint"
                    checked={accepted}
                    onChange={(event) => {
                      setAccepted(event.currentTarget.checked);
                    }}
                  />
                )}
              </div>
            )}
          </Section>
          <DifficultClients draft={draft} set={set} />
          {!isNew && <Removal endpoint={held} />}
        </div>
      </div>
      <SaveBar
        isNew={isNew}
        dirty={dirty}
        outdated={outdated}
        pending={save.isPending}
        blocked={newlyLegacy && !accepted ? 'Accept what legacy means first' : undefined}
        problem={errors.path === undefined ? problem : undefined}
        label={isNew ? 'Make the endpoint' : 'Save changes'}
        onDiscard={discard}
        onReload={() => {
          save.reset();
          reset();
        }}
      />
    </form>
  );
}

const ruleOf = (text: string): Endpoint['renewal'] => RENEWAL.find(({ value }) => value === text)?.value ?? 'hold';

function Removal({ endpoint: { id, version, path } }: { readonly endpoint: Endpoint }): ReactNode {
  const remove = useVerb('endpoints.remove', {
    touches: ['endpoints.list', 'status.get'],
    onDone: () => {
      announce(`The endpoint ${path} is removed`);
      navigate('/endpoints', { replace: true, settled: true });
    },
  });
  return (
    <Section title="Remove">
      <p className={styles.lead}>To close it for a while, switch it off instead.</p>
      <ConfirmButton
        label="Remove this endpoint"
        question={`Remove ${path}?`}
        confirm="Remove"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          remove.mutate({ id, version });
        }}
      >
        Devices that enrolled here find nobody when they renew. Their certificates stay valid until they expire.
      </ConfirmButton>
    </Section>
  );
}
